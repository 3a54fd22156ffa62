using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>How long and how much is kept, as sonde.yaml says it.</summary>
public sealed class RetentionTests
{
    private const string Limits = "forever, or a duration of 1h or more, as 30d or 1y";

    [Fact]
    public void Without_a_word_raw_is_kept_for_a_year_or_2_GB_and_summaries_for_ten()
    {
        var retention = Read("").Retention;

        Assert.Equal((TimeSpan.FromDays(365), 2L << 30), (retention.RawAge, retention.RawBytes));
        Assert.Equal((TimeSpan.FromDays(3_650), null), (retention.SummaryAge, retention.SummaryBytes));
    }

    [Theory]
    [InlineData("{raw: {age: 30d}}", 30, 2L << 30, 3650, null)]
    [InlineData("{raw: {size: 500MB}, summaries: {age: 2y, size: 1GiB}}", 365, 500L << 20, 730, 1L << 30)]
    [InlineData("{raw: {age: forever, size: unlimited}}", null, null, null, null)]
    [InlineData("{raw: {age: 20y}}", 7300, 2L << 30, 7300, null)]
    [InlineData("{summaries: {age: forever, size: unlimited}}", 365, 2L << 30, null, null)]
    public void Each_limit_stands_for_itself(string text, int? rawDays, long? rawBytes, int? summaryDays, long? summaryBytes)
    {
        var retention = Read($"retention: {text}\n").Retention;

        Assert.Equal((rawDays, rawBytes), (Days(retention.RawAge), retention.RawBytes));
        Assert.Equal((summaryDays, summaryBytes), (Days(retention.SummaryAge), retention.SummaryBytes));
    }

    [Theory]
    [InlineData("{raw: {age: 5m}}", $"f:1:24: 'age' takes {Limits}, not '5m'")]
    [InlineData("{raw: {age: unlimited}}", $"f:1:24: 'age' takes {Limits}, not 'unlimited'")]
    [InlineData("{raw: {size: 1KB}}", "f:1:25: 'size' takes unlimited, or a size of 1MB or more, as 500MB or 2GB, not '1KB'")]
    [InlineData("{raw: 1y}", "f:1:18: 'raw' takes a mapping {age, size}, not a single value")]
    [InlineData("{row: {age: 1y}}", "f:1:13: 'row' is not known here; did you mean 'raw'?")]
    [InlineData("{raw: {days: 1}}", "f:1:19: 'days' is not known here; known: age, size")]
    [InlineData(
        "{raw: {age: 1y}, summaries: {age: 30d}}",
        "f:1:40: 'summaries' are to be kept for 30d, but 'raw' for 1y: summaries must be kept at least as long as the "
            + "samples that they sum up")]
    [InlineData(
        "{raw: {age: forever}, summaries: {age: 30d}}",
        "f:1:45: 'summaries' are to be kept for 30d, but 'raw' for forever: summaries must be kept at least as long as "
            + "the samples that they sum up")]
    public void What_is_wrong_is_told_at_its_place(string text, string message)
    {
        var reading = ConfigurationReader.ReadText("f", $"retention: {text}\ntargets: [a]\n");

        Assert.Equal([message], reading.Messages);
    }

    [Fact]
    public void A_reload_that_changes_only_the_retention_is_a_change_without_a_restart()
    {
        var change = ConfigurationChange.Between(Read(""), Read("retention: {raw: {age: 30d}}\n"));

        Assert.False(change.IsNothing);
        Assert.Empty(change.NeedRestart);
    }

    private static int? Days(TimeSpan? age) => (int?)age?.TotalDays;

    private static SondeConfiguration Read(string text)
    {
        var reading = ConfigurationReader.ReadText("f", text + "targets: [a]\n");
        Assert.Empty(reading.Messages);
        return reading.Configuration!;
    }
}
