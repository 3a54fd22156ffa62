using System.Globalization;
using System.Text;
using Sonde.SampleFiles;
using Xunit;

namespace Sonde.Tests.SampleFiles;

public class ForeignTimesTests
{
    private static readonly TimeZoneInfo Zurich = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");

    [Theory]
    [InlineData("2016-11-19 23:57:45", nameof(TimeForm.Any), "2016-11-19T23:57:45.000")]
    [InlineData("2016-11-19 23:57:45 UTC", nameof(TimeForm.Any), "2016-11-19T23:57:45.000")]
    [InlineData("14/10/2016 21:17", nameof(TimeForm.Any), "2016-10-14T21:17:00.000")]
    [InlineData("10/14/2016 9:17 PM", nameof(TimeForm.Any), "2016-10-14T21:17:00.000")]
    [InlineData("10/14/2016, 12:17:05 am", nameof(TimeForm.Any), "2016-10-14T00:17:05.000")]
    [InlineData("03.04.2016 21:17:05", nameof(TimeForm.Any), "2016-04-03T21:17:05.000")]
    [InlineData("03/03/2016", nameof(TimeForm.Any), "2016-03-03T00:00:00.000")]
    [InlineData("03/04/2016 21:17", nameof(TimeForm.DayFirst), "2016-04-03T21:17:00.000")]
    [InlineData("03/04/2016 21:17", nameof(TimeForm.MonthFirst), "2016-03-04T21:17:00.000")]
    [InlineData("1479599865", nameof(TimeForm.Any), "2016-11-19T23:57:45.000")]
    [InlineData("1479599865.25", nameof(TimeForm.Any), "2016-11-19T23:57:45.250")]
    [InlineData("1479599865250", nameof(TimeForm.Any), "2016-11-19T23:57:45.250")]
    [InlineData("1479599865250999", nameof(TimeForm.Any), "2016-11-19T23:57:45.250")]
    [InlineData("1479599865250999999", nameof(TimeForm.Any), "2016-11-19T23:57:45.250")]
    [InlineData("1", nameof(TimeForm.Seconds), "1970-01-01T00:00:01.000")]
    [InlineData("1500", nameof(TimeForm.Milliseconds), "1970-01-01T00:00:01.500")]
    public void The_forms_of_other_tools_are_read(string text, string form, string expected) =>
        Assert.Equal(expected, Read(text, Enum.Parse<TimeForm>(form), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("1", nameof(TimeForm.Any), "its time is '1', which cannot be read; --time-format says how times are written")]
    [InlineData("", nameof(TimeForm.Any), "its time is '', which cannot be read; --time-format says how times are written")]
    [InlineData("03/04/2016", nameof(TimeForm.Any), "in '03/04/2016' the day or the month may come first: say --time-format dd/mm/yyyy or --time-format mm/dd/yyyy")]
    [InlineData("14/10/2016", nameof(TimeForm.MonthFirst), "its time is '14/10/2016', which cannot be read in that --time-format")]
    [InlineData("31/02/2016", nameof(TimeForm.DayFirst), "its time is '31/02/2016', which cannot be read in that --time-format")]
    [InlineData("noon", nameof(TimeForm.Seconds), "its time is 'noon', which cannot be read in that --time-format")]
    [InlineData("1969-12-31T23:59:59Z", nameof(TimeForm.Any), "its time is '1969-12-31T23:59:59Z', which is before 1970")]
    public void What_cannot_be_known_is_refused_in_words(string text, string form, string problem)
    {
        var times = new ForeignTimes(Enum.Parse<TimeForm>(form), TimeZoneInfo.Utc);

        Assert.False(times.TryParse(Encoding.UTF8.GetBytes(text), out _));
        Assert.Equal(problem, times.Problem);
    }

    [Fact]
    public void The_hour_that_a_night_has_twice_is_told_by_the_order()
    {
        var times = new ForeignTimes(TimeForm.Any, Zurich);

        Assert.Equal(
            ["23:30", "00:00", "00:30", "01:00", "01:30", "02:00"],
            from text in (string[])["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"]
            select Read($"2025-10-26 {text}", times)[11..16]);
    }

    [Fact]
    public void The_hour_that_a_night_has_not_is_refused()
    {
        var times = new ForeignTimes(TimeForm.Any, Zurich);

        Assert.False(times.TryParse("2025-03-30 02:30:00"u8, out _));
        Assert.Equal("its time is 2025-03-30 02:30:00, which does not exist in Europe/Zurich: the clocks went forward then", times.Problem);
        Assert.Equal("2025-03-30T01:00:00.000", Read("2025-03-30 03:00", TimeForm.Any, Zurich));
        Assert.Equal("2025-03-30T02:30:00.000", Read("2025-03-30T02:30Z", TimeForm.Any, Zurich));
    }

    private static string Read(string text, TimeForm form, TimeZoneInfo zone) => Read(text, new ForeignTimes(form, zone));

    private static string Read(string text, ForeignTimes times)
    {
        Assert.True(times.TryParse(Encoding.UTF8.GetBytes(text), out var milliseconds), times.Problem);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }
}
