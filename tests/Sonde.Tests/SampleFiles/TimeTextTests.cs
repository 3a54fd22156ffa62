using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sonde.SampleFiles;
using Xunit;

namespace Sonde.Tests.SampleFiles;

public class TimeTextTests
{
    [Theory]
    [InlineData("2016-11-19T23:57:45.123Z", "2016-11-19T23:57:45.123", true)]
    [InlineData("2016-11-19T23:57:45.1239999Z", "2016-11-19T23:57:45.123", true)]
    [InlineData("2016-11-19 23:57:45", "2016-11-19T23:57:45.000", false)]
    [InlineData(" 2016-11-19 23:57:45.5 ", "2016-11-19T23:57:45.500", false)]
    [InlineData("2016-11-19T23:57:45+01:30", "2016-11-19T22:27:45.000", true)]
    [InlineData("2016-11-19 23:57:45-0130", "2016-11-20T01:27:45.000", true)]
    [InlineData("2016-11-19 23:57:45+01", "2016-11-19T22:57:45.000", true)]
    [InlineData("2016/1/9 3:57", "2016-01-09T03:57:00.000", false)]
    [InlineData("2016-11-19", "2016-11-19T00:00:00.000", false)]
    [InlineData("2016-11-19T24:00:00Z", "2016-11-20T00:00:00.000", true)]
    [InlineData("0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000", true)]
    [InlineData("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999", true)]
    public void Times_of_ISO_8601_are_read(string text, string expected, bool hasOffset)
    {
        Assert.True(TimeText.TryParse(Encoding.UTF8.GetBytes(text), out var milliseconds, out var has));
        Assert.Equal(expected, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture));
        Assert.Equal(hasOffset, has);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2016")]
    [InlineData("2016-13-01")]
    [InlineData("2015-02-29")]
    [InlineData("2016-11-19T25:00:00Z")]
    [InlineData("2016-11-19T24:00:01Z")]
    [InlineData("2016-11-19T23:57:60Z")]
    [InlineData("2016-11-19T23:57:45.Z")]
    [InlineData("2016-11-19T23:57:45ZZ")]
    [InlineData("2016-11-19T23:57:45+19:00")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("2016-11/19")]
    [InlineData("14/10/2016 21:17")]
    public void What_is_none_is_refused(string text) =>
        Assert.False(TimeText.TryParse(Encoding.UTF8.GetBytes(text), out _, out _));

    [Fact]
    public void Any_time_that_an_export_writes_is_read_as_it_was() => Prop.ForAll<DateTime>(time =>
    {
        var milliseconds = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)).ToUnixTimeMilliseconds();
        var text = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        return TimeText.TryParse(Encoding.UTF8.GetBytes(text), out var read, out var hasOffset) && hasOffset && read == milliseconds;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_are_read_or_refused() => Prop.ForAll<byte[]>(bytes =>
    {
        _ = TimeText.TryParse(bytes, out _, out _);
        _ = SlashedDate.TryParse(bytes, out _);
        _ = new ForeignTimes(TimeForm.Any, TimeZoneInfo.Utc).TryParse(bytes, out _);
        _ = ForeignValue.TryParse(bytes, new ForeignQuery { Time = "1", Values = ["2"] }, true, out _);
        return true;
    }).QuickCheckThrowOnFailure();
}
