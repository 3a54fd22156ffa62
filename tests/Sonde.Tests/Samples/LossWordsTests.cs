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
}
