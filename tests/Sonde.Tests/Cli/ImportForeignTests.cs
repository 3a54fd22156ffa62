using System.Globalization;
using Xunit;

namespace Sonde.Tests.Cli;

/// <summary><c>sonde import</c> of other tools' CSV.</summary>
public sealed class ImportForeignTests : IDisposable
{
    private readonly ImportedStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_trace_of_RIPE_Atlas_is_imported_once_however_often_it_is_read()
    {
        var file = _store.Write(
            "11119.csv", "epoch;rtt;cp\n14/10/2016 21:17;178.924995;0\n14/10/2016 21:21;-1;0\n03/11/2016 21:25;178.875815;0\n");

        var runs = new[]
        {
            await _store.ImportAsync(file, "--time", "epoch", "--value", "rtt"),
            await _store.ImportAsync(file, "--time", "1", "--value", "2", "--unit", "ms"),
        };

        Assert.Equal(
            $"{file}: 3 samples of 1 series imported, no line was refused. 1 value of 0 or less counts as lost; with --zero-is-answer, 0 does not. "
            + "The values were taken as ms; --unit says otherwise.\n",
            runs[0].Errors);
        Assert.Equal([0, 0], runs.Select(run => run.Code));
        Assert.Equal(
            [
                "import-11119,local,4,rtt,1476479820000,0,2016-10-14T21:17:00.000Z,178925,us,,false,0,",
                "import-11119,local,4,rtt,1476480060000,0,2016-10-14T21:21:00.000Z,,us,unspecified,false,0,",
                "import-11119,local,4,rtt,1478208300000,0,2016-11-03T21:25:00.000Z,178876,us,,false,0,",
            ],
            _store.Lines());
        Assert.Equal(["import-11119|11119|import||1"], _store.Checks());
    }

    [Fact]
    public async Task The_next_file_goes_on_with_the_series_of_that_name()
    {
        var january = _store.Write("january.csv", "2026-01-31 23:59:59,1\n");
        var february = _store.Write("february.csv", "2026-01-31 23:59:59,1\n2026-02-01 00:00:00,2\n2026-02-01 00:00:00,3\n");
        string[] options = ["--time", "1", "--value", "2", "--name", "Router kitchen"];

        await _store.ImportAsync(january, options);
        await _store.ImportAsync(february, options);

        Assert.Equal(
            ["1769903999000,0", "1769904000000,0", "1769904000000,1"],
            _store.Lines("Router kitchen").Select(line => string.Join(',', line.Split(',')[4..6])));
        Assert.Equal(["import-router-kitchen|Router kitchen|import||1"], _store.Checks());
    }

    [Fact]
    public async Task A_column_tells_the_series_apart()
    {
        var file = _store.Write(
            "kuma.csv", "time,ping,name\n2026-01-01 00:00:00.123,20,Router\n2026-01-01 00:00:00.123,,\"Zürich, HB\"\n2026-01-01 00:01:00,21,Router\n");

        var run = await _store.ImportAsync(file, "--time", "time", "--value", "PING", "--series", "name", "--unit", "ms");

        Assert.Equal((0, $"{file}: 3 samples of 2 series imported, no line was refused.\n"), (run.Code, run.Errors));
        Assert.Equal(["Router", "Zürich, HB"], _store.Checks().Select(check => check.Split('|')[1]).Order(StringComparer.Ordinal));
        Assert.Equal(2, _store.Lines("Router").Length);
        Assert.EndsWith(",,us,unspecified,false,0,", Assert.Single(_store.Lines("Zürich, HB")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_columns_of_values_are_several_series()
    {
        var file = _store.Write("pairs.csv", "slice\tn1\tn2\n1\t100.0\t130.0\n2\t90,5\t\n");

        var run = await _store.ImportAsync(file, "--time", "slice", "--value", "n1", "--value", "n2", "--time-format", "s");

        Assert.Equal(0, run.Code);
        Assert.Equal(["100000", "90500"], _store.Lines("pairs n1").Select(line => line.Split(',')[7]));
        Assert.Equal(["130000", ""], _store.Lines("pairs n2").Select(line => line.Split(',')[7]));
    }

    [Fact]
    public async Task Lines_that_are_wrong_are_told_and_the_others_are_imported()
    {
        var file = _store.Write("a.csv", "t,v\n2026-01-01,1\nyesterday,1\n2026-01-02,fast\n2026-01-03\n2026-01-04,4");

        var run = await _store.ImportAsync(file, "--time", "t", "--value", "v", "--unit", "us");

        Assert.Equal(
            $"""
            {file}:3: its time is 'yesterday', which cannot be read; --time-format says how times are written
            {file}:4: its value is 'fast': a number of at most 281474976710655 microseconds belongs there, or nothing for a loss
            {file}:5: it has 1 of 2 fields
            {file}: 2 samples of 1 series imported, 3 lines refused.

            """,
            run.Errors);
        Assert.Equal((1, 2), (run.Code, _store.Lines().Length));
    }

    [Theory]
    [InlineData("01/02/2026 10:00,1\n02/02/2026 10:00,1\n13/02/2026 10:00,1\n", "2026-02-01")]
    [InlineData("01/02/2026 10:00,1\n01/13/2026 10:00,1\n", "2026-01-02")]
    [InlineData("02/02/2026 10:00,1\n", "2026-02-02")]
    public async Task The_whole_file_says_whether_the_day_or_the_month_comes_first(string text, string first)
    {
        var run = await _store.ImportAsync(_store.Write("a.csv", text), "--time", "1", "--value", "2");

        Assert.True(run.Code == 0, run.Errors);
        Assert.Contains($",{first}T10:00:00.000Z,", _store.Lines()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dates_that_may_be_either_are_refused_until_the_user_says_which()
    {
        var file = _store.Write("a.csv", "01/02/2026 10:00,1\n02/01/2026 10:00,1\n");

        var run = await _store.ImportAsync(file, "--time", "1", "--value", "2");
        var said = await _store.ImportAsync(file, "--time", "1", "--value", "2", "--time-format", "mm/dd/yyyy", "--timezone", "America/New_York");

        Assert.Equal(
            (2, $"{file}: in its dates the day or the month may come first, and none of them shows which: "
                + "say --time-format dd/mm/yyyy or --time-format mm/dd/yyyy\n"),
            (run.Code, run.Errors));
        Assert.Equal(0, said.Code);
        Assert.Contains(",2026-01-02T15:00:00.000Z,", _store.Lines()[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time,rtt\n", "--time epoch --value rtt", "there is no column 'epoch'; the columns are 'time', 'rtt'")]
    [InlineData("time,rtt\n", "--time time --value 3", "there is no column '3'; the columns are 'time', 'rtt'")]
    [InlineData("time rtt\n", "--time time --value rtt", "there is no column 'time'; the first line is one field, 'time rtt'")]
    [InlineData("time,rtt\n", "--time time --value rtt --value 2", "two --value options name the same column")]
    public async Task Columns_that_are_not_there_are_bad_usage(string text, string options, string problem)
    {
        var file = _store.Write("a.csv", text);

        var run = await _store.ImportAsync(file, options.Split(' '));

        Assert.Equal((2, $"{file}: {problem}\n"), (run.Code, run.Errors));
        Assert.False(Directory.Exists(_store.Data));
    }

    [Fact]
    public async Task Two_names_with_one_id_are_never_mixed()
    {
        var file = _store.Write("a.csv", "t,v,s\n2026-01-01,1,A b\n2026-01-01,2,a-b\n");

        var run = await _store.ImportAsync(file, "--time", "t", "--value", "v", "--series", "s");

        Assert.Contains($"{file}:3: 'a-b' has the same id as 'A b', import-a-b: give them other names", run.Errors, StringComparison.Ordinal);
        Assert.Single(_store.Lines());
    }

    [Fact]
    public async Task Lines_of_one_time_are_told_apart_by_their_order_and_at_most_65536()
    {
        var time = "2026-01-01 00:00,";
        var file = _store.Write("a.csv", string.Concat(Enumerable.Range(1, 65_537).Select(n => time + n.ToString(CultureInfo.InvariantCulture) + "\n")));

        var run = await _store.ImportAsync(file, "--time", "1", "--value", "2");

        Assert.Contains($"{file}:65537: more than 65536 samples of its series have this time", run.Errors, StringComparison.Ordinal);
        Assert.Equal(65_536, _store.Lines().Length);
    }
}
