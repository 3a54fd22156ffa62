using Sonde.Measurement;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Samples;

public class LossWordsTests
{
    [Theory]
    [InlineData(LossReason.None, "")]
    [InlineData(LossReason.Timeout, "timeout")]
    [InlineData(LossReason.TimeToLiveExceeded, "timeToLiveExceeded")]
    [InlineData((LossReason)77, "reason77")]
    public void Each_reason_has_its_word(LossReason reason, string word) => Assert.Equal(word, reason.ToWord());

    [Fact]
    public void Each_word_leads_back_to_its_reason()
    {
        Assert.All(Enumerable.Range(0, 256).Select(number => (LossReason)number), reason =>
        {
            Assert.True(LossWords.TryParse(reason.ToWord(), out var read));
            Assert.Equal(reason, read);
        });
        Assert.False(LossWords.TryParse("bored", out _));
        Assert.False(LossWords.TryParse("reason1", out _));
    }

    [Fact]
    public void Each_reason_has_a_meaning_of_its_own_for_people()
    {
        var reasons = Enum.GetValues<LossReason>().Where(reason => reason != LossReason.None).ToList();

        var meanings = reasons.ConvertAll(reason => reason.ToMeaning());

        Assert.All(meanings, Assert.NotEmpty);
        Assert.Equal(reasons.Count, meanings.Distinct().Count());
        Assert.Equal("", LossReason.None.ToMeaning());
        Assert.Equal("for a reason that this version does not know", ((LossReason)77).ToMeaning());
    }
}
