using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Measurement;
using Sonde.SampleFiles;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Cli;

/// <summary><c>sonde import</c> of what <c>sonde export</c> wrote.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private const string Header = "check,vantagePoint,family,quantity,round,index,sentAt,value,unit,loss,suspect,duplicates,ttl\n";
    private const string First = "icmp-a,local,4,rtt,1,0,2026-01-01T00:00:01.000Z,20123,us,,false,0,57\n";
    private const string Second = "icmp-a,local,4,rtt,2,3,2026-01-01T00:00:02.300Z,,us,timeout,true,2,\n";

    private readonly ImportedStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public void An_export_imported_elsewhere_and_exported_again_is_the_same_to_the_byte() =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(30),
            Prop.ForAll<int>(seed => IsTheSameAfterwardsAsync(new Random(seed)).GetAwaiter().GetResult()));

    [Fact]
    public async Task Importing_a_file_twice_changes_nothing()
    {
        var file = _store.Write("a.csv", Header + First + Second);

        var once = await _store.ImportAsync(file);
        var twice = await _store.ImportAsync(file);

        Assert.Equal((0, 0), (once.Code, twice.Code));
        Assert.Equal($"{file}: 2 samples of 1 series imported, no line was refused.\n", twice.Errors);
        Assert.Equal(Header + First + Second, _store.Export());
    }

    [Fact]
    public async Task Lines_that_are_wrong_are_told_and_the_others_are_imported()
    {
        var file = _store.Write(
            "a.csv", Header + First + "icmp-a,local,4,rtt,-1,0,2026-01-01T00:00:01.000Z,1,us,,false,0,57\nrubbish\n\n" + Second);

        var run = await _store.ImportAsync(file);

        Assert.Equal(1, run.Code);
        Assert.Equal(
            $"""
            {file}:3: round is '-1': a whole number from 0 to {SampleText.MaxRound} belongs there
            {file}:4: it has 1 of 13 fields
            {file}: 2 samples of 1 series imported, 2 lines refused.

            """,
            run.Errors);
        Assert.Equal(Header + First + Second, _store.Export());
    }

    [Fact]
    public async Task Only_the_first_wrong_lines_are_told_and_all_are_counted()
    {
        var file = _store.Write("a.csv", Header + First + string.Concat(Enumerable.Repeat("x\n", 1_000)));

        var run = await _store.ImportAsync(file);

        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(22, lines.Length);
        Assert.Equal($"{file}: further lines are refused; they are only counted", lines[20]);
        Assert.EndsWith("1 sample of 1 series imported, 1000 lines refused.", lines[21], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("round", "9223372036854775807")]
    [InlineData("round", "1.0")]
    [InlineData("index", "65536")]
    [InlineData("value", "281474976710656")]
    [InlineData("value", "-281474976710656")]
    [InlineData("value", "20123 ")]
    [InlineData("value", "99999999999999999999")]
    [InlineData("value", "")]
    [InlineData("loss", "timeout")]
    [InlineData("sentAt", "2026-01-01T00:00:01.000")]
    [InlineData("sentAt", "now")]
    [InlineData("family", "5")]
    [InlineData("check", "Icmp A")]
    [InlineData("vantagePoint", "")]
    [InlineData("vantagePoint", "a\0")]
    [InlineData("unit", "ms")]
    [InlineData("suspect", "maybe")]
    [InlineData("duplicates", "65536")]
    [InlineData("ttl", "256")]
    public async Task What_the_record_cannot_hold_is_refused(string column, string text)
    {
        var names = Header.TrimEnd().Split(',');
        var fields = First.TrimEnd().Split(',');
        fields[Array.IndexOf(names, column)] = text;
        var file = _store.Write("a.csv", Header + string.Join(',', fields) + "\n");

        var run = await _store.ImportAsync(file);

        Assert.Equal(1, run.Code);
        Assert.StartsWith($"{file}:2: ", run.Errors);
        Assert.False(Directory.Exists(_store.Data));
    }

    [Fact]
    public async Task The_greatest_and_least_of_the_record_are_imported()
    {
        var file = _store.Write(
            "a.csv",
            Header
            + "icmp-a,local,6,certificate,0,0,0001-01-01T00:00:00.000Z,-281474976710655,s,,false,0,0\n"
            + $"icmp-a,local,6,certificate,{SampleText.MaxRound},65535,9999-12-31T23:59:59.999Z,281474976710655,s,,true,65535,255\n"
            + $"icmp-b,local,6,rtt,{SampleText.MaxRound},65535,9999-12-31T23:59:59.999Z,,us,reason77,true,0,\n");

        var run = await _store.ImportAsync(file);

        Assert.Equal(0, run.Code);
        Assert.Equal(File.ReadAllText(file), _store.Export());
        await using var store = OpenStore(_store.Data, new SeriesCatalog());
        Assert.True(await store.BeginRunAsync(Token) > SampleText.MaxRound);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\n\n")]
    public async Task What_comes_before_the_names_of_the_columns_does_not_matter(string before)
    {
        var file = _store.Write("a.csv", (before + Header + First).Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(0, (await _store.ImportAsync(file)).Code);
        Assert.Equal(Header + First, _store.Export());
    }

    [Fact]
    public async Task Columns_may_stand_in_any_order_with_others_among_them_or_have_no_names()
    {
        var other = _store.Write(
            "other.csv",
            "note,loss,unit,value,sentAt,index,round,quantity,family,vantagePoint,check\n"
            + "\"a, \"\"b\"\"\",,us,20123,2026-01-01T00:00:01.000Z,0,1,rtt,4,local,\"icmp-a\"\n");
        var bare = _store.Write("bare.csv", Second + Header + First.Replace("icmp-a", "icmp-b", StringComparison.Ordinal));

        Assert.Equal((0, 0), ((await _store.ImportAsync(other)).Code, (await _store.ImportAsync(bare)).Code));
        Assert.Equal(
            [First.Replace(",57\n", ",", StringComparison.Ordinal), Second.TrimEnd(), First.Replace("icmp-a", "icmp-b", StringComparison.Ordinal).TrimEnd()],
            _store.Lines());
    }

    [Fact]
    public async Task A_stray_quote_costs_one_line()
    {
        var file = _store.Write("a.csv", Header + "\"icmp-a,local\n" + First + Second + "\"x\n" + Second);

        var run = await _store.ImportAsync(file);

        Assert.Contains($"{file}:2: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{file}:5: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(Header + First + Second, _store.Export());
    }

    [Fact]
    public async Task A_file_that_was_cut_off_says_so_and_its_last_line_is_not_guessed()
    {
        var csv = _store.Write("a.csv", Header + First + Second[..^10]);
        var shortened = _store.Write("b.csv", Header + First[..^2]);
        var json = _store.Write("a.ndjson", "{\"check\":\"icmp-a\",\"vanta");

        Assert.Contains(":3: it has 10 of 13 fields: the file is cut off", (await _store.ImportAsync(csv)).Errors, StringComparison.Ordinal);
        Assert.Contains(":2: the file ends within it, without a line feed", (await _store.ImportAsync(shortened)).Errors, StringComparison.Ordinal);
        Assert.Contains(":1: the file ends within it: it is cut off", (await _store.ImportAsync(json)).Errors, StringComparison.Ordinal);
        Assert.Equal(Header + First, _store.Export());
    }

    [Theory]
    [InlineData("", " is empty")]
    [InlineData("\n\n", ": there is nothing in it")]
    [InlineData("hello\nworld\n", ": it is no CSV or NDJSON of 'sonde export'; another tool's CSV needs --time COL and --value COL")]
    [InlineData("{\"a\":1}\n", ": it is no CSV or NDJSON of 'sonde export'")]
    [InlineData("\u001F\u008B", " is compressed: import what 'gunzip -c FILE | sonde import -' gives")]
    [InlineData("ÿþa", " is UTF-16: import what 'iconv")]
    [InlineData("PK\u0003\u0004", " is an archive or a spreadsheet: save it as CSV")]
    [InlineData("a\0b\n", ": it is no text: there are NUL bytes in its first line")]
    public async Task What_is_no_file_of_samples_is_bad_usage_and_nothing_is_written(string text, string message)
    {
        var file = _store.Write("a", Encoding.Latin1.GetBytes(text));

        var run = await _store.ImportAsync(file);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith(file + message, run.Errors);
        Assert.False(Directory.Exists(_store.Data));
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_a_directory_are_bad_usage()
    {
        Assert.Equal((2, "There is no file /nowhere/a.csv\n"), Told(await _store.ImportAsync("/nowhere/a.csv")));
        Assert.Equal((2, "/ is a directory: name a file in it\n"), Told(await _store.ImportAsync("/")));
    }

    [Theory]
    [InlineData("--from 2026-02-01 --to 2026-01-01", "--from 2026-02-01T00:00:00.000Z is after --to 2026-01-01T00:00:00.000Z: no sample is in such a span\n")]
    [InlineData("--time 1", "another tool's CSV needs both --time COL and --value COL")]
    [InlineData("--unit ms", "another tool's CSV needs both --time COL and --value COL")]
    [InlineData("--time 1 --value 2 --format ndjson", "--time and --value are for another tool's CSV")]
    [InlineData("--time 1 --value 2 --timezone Mars/Olympus", "--timezone Mars/Olympus: there is no such time zone")]
    [InlineData("--time 1 --value 2 --unit parsec", "Argument 'parsec' not recognized.")]
    public async Task Options_that_contradict_each_other_are_bad_usage(string options, string message)
    {
        var run = await _store.ImportAsync(_store.Write("a.csv", Header), options.Split(' '));

        Assert.Equal(2, run.Code);
        Assert.StartsWith(message, run.Errors);
    }

    [Fact]
    public async Task Only_the_span_and_the_targets_that_are_wanted_are_imported()
    {
        var file = _store.Write("a.csv", Header + First + Second + First.Replace("icmp-a", "icmp-b", StringComparison.Ordinal));

        var run = await _store.ImportAsync(file, "--from", "2026-01-01T00:00:01Z", "--to", "2026-01-01T00:00:02Z", "--target", "icmp-b");

        Assert.Equal(0, run.Code);
        Assert.Equal(["icmp-b,local,4,rtt,1,0,2026-01-01T00:00:01.000Z,20123,us,,false,0,57"], _store.Lines());
        Assert.Equal(["icmp-b|icmp-b|icmp||1"], _store.Checks());
    }

    [Fact]
    public async Task Checks_that_are_new_are_hidden_and_those_that_are_known_stay_as_they_are()
    {
        await using (var store = OpenStore(_store.Data, new SeriesCatalog()))
        {
            await store.SaveChecksAsync(
                [new Sonde.Targets.Check { Id = CheckId.Parse("icmp-a"), Name = "Router", Kind = CheckKind.Icmp, Host = "192.0.2.1" }], Token);
        }
        var known = await _store.ImportAsync(_store.Write("a.csv", Header + First));
        Assert.Equal((0, "icmp-a|Router|icmp|192.0.2.1|0"), (known.Code, Assert.Single(_store.Checks())));

        await _store.ImportAsync(_store.Write(
            "b.csv", Header + First.Replace("icmp-a", "http-b", StringComparison.Ordinal) + First.Replace("icmp-a", "dns-c", StringComparison.Ordinal)
            + First.Replace("icmp-a", "printer", StringComparison.Ordinal)));

        Assert.Equal(["dns-c|dns-c|dns||1", "http-b|http-b|http||1", "icmp-a|Router|icmp|192.0.2.1|0", "printer|printer|import||1"], _store.Checks());
        Assert.Single(_store.Lines("Router"));
        Assert.Single(_store.Lines("printer"));
    }

    [Fact]
    public async Task A_directory_that_a_run_uses_is_refused_with_what_to_do()
    {
        await using var store = OpenStore(_store.Data, new SeriesCatalog());
        await store.BeginRunAsync(Token);

        var run = await _store.ImportAsync(_store.Write("a.csv", Header + First));

        Assert.Equal(1, run.Code);
        Assert.StartsWith(
            $"Another sonde process uses the data directory {_store.Data}. End that one, or give this one its own with --data DIR. "
            + "Nothing was imported: an import needs the store for itself. Stop 'sonde run', import, and start it again",
            run.Errors);
    }

    [Fact]
    public async Task Scripts_get_one_object()
    {
        var run = await _store.ImportAsync(_store.Write("a.csv", Header + First + Second + "x\n"), "--json");

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            """{"samples":2,"series":1,"refusedLines":1,"takenAsLost":0,"complete":true}""",
            "{" + string.Join(',', json.RootElement.EnumerateObject().Skip(1)) + "}");
    }

    [Theory]
    [InlineData("""{"check":"icmp-a"}""", "it has no 'vantagePoint'")]
    [InlineData("""{"check":{}}""", "it is no JSON object: it goes wrong at byte 10")]
    [InlineData("""["check"]""", "it is no JSON object: it goes wrong at byte 1")]
    [InlineData("""{"check":"a"} {}""", "it is no JSON object: it goes wrong at byte 15")]
    public async Task Objects_that_are_wrong_are_told(string line, string problem)
    {
        await _store.ImportAsync(_store.Write("a.csv", Header + First));
        var good = _store.Export(isCsv: false);
        var file = _store.Write("a.ndjson", good + line + "\n");

        var run = await _store.ImportAsync(file);

        Assert.Equal(1, run.Code);
        Assert.StartsWith($"{file}:2: {problem}\n", run.Errors);
    }

    private async Task<bool> IsTheSameAfterwardsAsync(Random random)
    {
        using var from = new ImportedStore();
        using var csv = new ImportedStore();
        using var ndjson = new ImportedStore();
        var catalog = new SeriesCatalog();
        await using (var store = OpenStore(from.Data, catalog))
        {
            var series = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => catalog.GetOrAdd(OddSeries(random))).ToArray();
            var samples = Enumerable.Range(0, random.Next(1, 800)).Select(_ => OddSample(random, series[random.Next(series.Length)])).ToArray();
            await store.AppendAsync(samples, Token);
        }
        var runs = new[]
        {
            await csv.ImportAsync(csv.Write("a.csv", from.Export())),
            await ndjson.ImportAsync(ndjson.Write("a.ndjson", from.Export(isCsv: false))),
        };
        Assert.All(runs, run => Assert.True(run.Code == 0, run.Errors));
        return csv.Export() == from.Export() && ndjson.Export() == from.Export()
            && csv.Export(isCsv: false) == from.Export(isCsv: false);
    }

    private static SeriesKey OddSeries(Random random) => new(
        CheckId.FromName(CheckKind.Icmp, OddName(random)), OddName(random), random.Next(2) == 0 ? (byte)4 : (byte)6,
        random.Next(2) == 0 ? Quantity.Rtt : new Quantity(OddName(random), OddName(random)));

    private static string OddName(Random random)
    {
        string[] pieces = ["a", "Zürich", "\"", ",", "\n", "\r", " ", "\\", "{", "🏔", "\u2028", "\t", "'", ";", "\u001F", "x-1"];
        return string.Concat(Enumerable.Range(0, 1 + random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    private static Sample OddSample(Random random, SeriesHandle series)
    {
        var isLost = random.Next(3) == 0;
        return new Sample
        {
            Series = series,
            Round = random.Next(3) == 0 ? random.NextInt64(SampleText.MaxRound) : random.Next(500),
            Index = (ushort)(random.Next(5) == 0 ? random.Next(65_536) : 0),
            SentAtMilliseconds = random.NextInt64(-62_135_596_800_000, 253_402_300_799_999),
            Value = isLost ? 0 : random.NextInt64(-SampleText.MaxValue, SampleText.MaxValue) >> random.Next(48),
            Loss = isLost ? (LossReason)random.Next(1, 256) : LossReason.None,
            IsSuspect = random.Next(4) == 0,
            Duplicates = (ushort)(random.Next(4) == 0 ? random.Next(65_536) : 0),
            TimeToLive = random.Next(3) == 0 ? null : (byte)random.Next(256),
        };
    }

    private static (int Code, string Errors) Told(CommandRun run) => (run.Code, run.Errors);

    private static SampleStore OpenStore(string directory, SeriesCatalog catalog) =>
        new(new SqliteDatabase(directory), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
}
