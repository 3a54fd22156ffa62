using Sonde.Measurement;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class LossLinesTests
{
    private static readonly CheckId Web = CheckId.Parse("http-web");

    private readonly LossLines _lines = new();

    [Fact]
    public void Other_words_have_a_line_and_the_same_have_none_however_much_later()
    {
        Assert.True(IsNew(0, "status 503"));
        Assert.False(IsNew(1_000, "status 503"));
        Assert.False(IsNew(90_000_000, "status 503"));
        Assert.True(IsNew(90_001_000, "status 502"));
    }

    [Fact]
    public void Words_that_change_all_the_time_have_a_line_a_minute()
    {
        var told = Enumerable.Range(0, 180).Where(second => IsNew(second * 1_000, $"status {500 + second % 2}")).ToList();

        Assert.Equal([0, 61, 122], told);
    }

    [Fact]
    public void Each_check_has_lines_of_its_own_and_one_that_was_taken_away_begins_anew()
    {
        Assert.True(IsNew(0, "status 503"));
        Assert.True(_lines.IsNew(CheckId.Parse("http-other"), Loss(1, "status 503")));

        _lines.Forget(Web);

        Assert.True(IsNew(2, "status 503"));
    }

    [Theory]
    [InlineData("status 503", true)]
    [InlineData("the status was not an expected one", false)]
    public void Words_that_only_say_the_reason_are_no_detail(string words, bool isDetail) =>
        Assert.Equal(isDetail, Loss(0, words).HasDetail);

    private static ToldLoss Loss(long at, string words) => new(at, LossReason.UnexpectedStatus, words);

    private bool IsNew(long at, string words) => _lines.IsNew(Web, Loss(at, words));
}
