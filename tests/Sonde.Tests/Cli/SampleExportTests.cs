using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Cli;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class SampleExportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SeriesCatalog _catalog = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Csv_has_the_promised_columns_in_order()
    {
        await using var store = Open();
        var series = _catalog.GetOrAdd(Given.Series("icmp-a"));
        await store.AppendAsync(
            new[]
            {
                Given.Sample(series, 1, value: 20_123),
                Given.Sample(series, 2, 3) with { Value = 0, Loss = LossReason.Timeout, TimeToLive = null, IsSuspect = true, Duplicates = 2 },
            },
            Token);

        Assert.Equal(
            """
            check,vantagePoint,family,quantity,round,index,sentAt,value,unit,loss,suspect,duplicates,ttl
            icmp-a,local,4,rtt,1,0,2026-01-01T00:00:01.000Z,20123,us,,false,0,57
            icmp-a,local,4,rtt,2,3,2026-01-01T00:00:02.300Z,,us,timeout,true,2,

            """,
            Export(new ExportQuery(true, long.MinValue, long.MaxValue, [])));
    }

    [Fact]
    public async Task Every_quantity_is_exported_with_its_unit()
    {
        await using var store = Open();
        var rtt = Given.Series("http-a");
        await store.AppendAsync(
            new[]
            {
                Given.Sample(_catalog.GetOrAdd(rtt), 1) with { TimeToLive = null },
                Given.Sample(_catalog.GetOrAdd(rtt with { Quantity = new("tls", "us") }), 1, value: 400) with { TimeToLive = null },
                Given.Sample(_catalog.GetOrAdd(rtt with { Quantity = new("certificate", "s") }), 1, value: -60) with { TimeToLive = null },
            },
            Token);

        var lines = Export(new ExportQuery(true, long.MinValue, long.MaxValue, [])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(
            [
                "http-a,local,4,certificate,1,0,2026-01-01T00:00:01.000Z,-60,s,,false,0,",
                "http-a,local,4,rtt,1,0,2026-01-01T00:00:01.000Z,1000,us,,false,0,",
                "http-a,local,4,tls,1,0,2026-01-01T00:00:01.000Z,400,us,,false,0,",
            ],
            lines[1..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fields_with_commas_and_quotes_are_quoted_as_rfc_4180_says_and_json_escapes_them()
    {
        await using var store = Open();
        var key = Given.Series("icmp-a") with { VantagePoint = "Zürich, \"attic\"" };
        await store.AppendAsync(new[] { Given.Sample(_catalog.GetOrAdd(key), 1) }, Token);

        Assert.Contains(
            "\nicmp-a,\"Zürich, \"\"attic\"\"\",4,rtt,1", Export(new ExportQuery(true, 0, long.MaxValue, [])), StringComparison.Ordinal);
        using var line = JsonDocument.Parse(Export(new ExportQuery(false, 0, long.MaxValue, [])));
        Assert.Equal("Zürich, \"attic\"", line.RootElement.GetProperty("vantagePoint").GetString());
    }

    [Fact]
    public async Task Ndjson_has_a_whole_object_a_line()
    {
        await using var store = Open();
        var series = _catalog.GetOrAdd(Given.Series("icmp-a"));
        await store.AppendAsync(
            new[] { Given.Sample(series, 1) with { Value = 0, Loss = LossReason.Refused, TimeToLive = null }, Given.Sample(series, 2) }, Token);

        Assert.Equal(
            """
            {"check":"icmp-a","vantagePoint":"local","family":4,"quantity":"rtt","round":1,"index":0,"sentAt":"2026-01-01T00:00:01.000Z","value":null,"unit":"us","loss":"refused","suspect":false,"duplicates":0,"ttl":null}
            {"check":"icmp-a","vantagePoint":"local","family":4,"quantity":"rtt","round":2,"index":0,"sentAt":"2026-01-01T00:00:02.000Z","value":1000,"unit":"us","loss":null,"suspect":false,"duplicates":0,"ttl":57}

            """,
            Export(new ExportQuery(false, long.MinValue, long.MaxValue, [])));
    }

    [Fact]
    public async Task A_snapshot_beside_the_writer_sees_blocks_and_journal_once_and_stays_as_it_was()
    {
        await using var store = Open();
        var samples = Given.Samples(_catalog.GetOrAdd(Given.Series("icmp-a")), 1, 1_000);
        for (var done = 0; done < samples.Count; done += 50)
        {
            await store.AppendAsync(samples[done..(done + 50)].ToArray(), Token);
        }
        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(_directory.Path));

        await store.AppendAsync(Given.Samples(samples[0].Series, 1_001, 500).ToArray(), Token);
        var read = snapshot.Read(snapshot.Series.Single(), long.MinValue, long.MaxValue).SelectMany(batch => batch);

        Assert.Equal(samples.Select(sample => sample.Round), read.Select(sample => sample.Round));
    }

    [Fact]
    public async Task A_target_is_found_by_id_name_or_address_and_a_misspelt_one_gets_a_hint()
    {
        await using var store = Open();
        await store.SaveChecksAsync(
            [new Check { Id = CheckId.Parse("icmp-a"), Name = "Router kitchen", Kind = CheckKind.Icmp, Host = "192.0.2.1" }], Token);
        await store.AppendAsync(
            new[] { Given.Sample(_catalog.GetOrAdd(Given.Series("icmp-a")), 1), Given.Sample(_catalog.GetOrAdd(Given.Series("icmp-b")), 1) }, Token);
        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(_directory.Path));

        foreach (var target in (string[])["icmp-a", "Router kitchen", "192.0.2.1"])
        {
            Assert.Equal(1, SampleExport.Find(snapshot, new ExportQuery(true, 0, long.MaxValue, [target])).SeriesCount);
        }
        var unknown = SampleExport.Find(snapshot, new ExportQuery(true, 0, long.MaxValue, ["Ruoter kitchen"]));
        Assert.EndsWith("Did you mean 'Router kitchen'?", unknown.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_directory_and_a_missing_store_are_told_apart()
    {
        Assert.Throws<FileNotFoundException>(() => StoreSnapshot.Open(new SqliteDatabase(_directory.Path)));
        Assert.Throws<DirectoryNotFoundException>(() => StoreSnapshot.Open(new SqliteDatabase(_directory.File("nowhere"))));
    }

    [Fact]
    public async Task The_command_ends_with_0_when_it_wrote_and_with_2_when_it_was_asked_for_what_is_not_there()
    {
        await using var store = Open();
        await store.BeginRunAsync(Token);

        Assert.Equal(0, await InvokeAsync("--data", _directory.Path, "--from", "2026-01-01", "--to", "2026-01-02T12:00:00+01:00"));
        Assert.Equal(2, await InvokeAsync("--data", _directory.Path, "--target", "nobody"));
        Assert.Equal(2, await InvokeAsync("--data", _directory.File("nowhere")));
        Assert.NotEqual(0, await InvokeAsync("--data", _directory.Path, "--from", "yesterday"));
        Assert.NotEqual(0, await InvokeAsync("--data", _directory.Path, "--format", "xlsx"));
    }

    [Fact]
    public void A_damaged_store_does_not_send_its_user_round_in_a_circle()
    {
        File.WriteAllText(_directory.File("sonde.db"), new string('x', 10_000));

        var error = Assert.Throws<StoreUnavailableException>(() => SampleExport.Open(new SqliteDatabase(_directory.Path), new ExportQuery(true, 0, 1, [])));

        Assert.DoesNotContain("export", SampleExport.Explain(error), StringComparison.Ordinal);
        Assert.Contains("damaged", SampleExport.Explain(error), StringComparison.Ordinal);
    }

    private static Task<int> InvokeAsync(params string[] arguments) =>
        ExportCommand.Create().Parse(arguments).InvokeAsync(cancellationToken: Token);

    private SampleStore Open() =>
        new(new SqliteDatabase(_directory.Path), _catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private string Export(ExportQuery query)
    {
        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(_directory.Path));
        using var output = new MemoryStream();
        SampleExport.Find(snapshot, query).Write(output, (_, _) => { }, Token);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
