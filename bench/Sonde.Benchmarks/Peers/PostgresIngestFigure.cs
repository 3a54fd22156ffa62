using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Postgres;
using Sonde.Storage.Sql;
using Sonde.Targets;

namespace Sonde.Benchmarks.Peers;

/// <summary>How many samples a second PostgreSQL on this machine takes durably, from 10,000 series.</summary>
internal sealed class PostgresIngestFigure : IFigure
{
    private const int SeriesCount = 10_000;
    private const int LeastPerSecond = 200_000;

    /// <inheritdoc/>
    public string Name => "postgres";

    /// <inheritdoc/>
    public string? Program => "pg_ctlcluster";

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var runs = Enumerable.Range(0, settings.Runs).Select(_ => MeasureAsync(settings).GetAwaiter().GetResult()).ToList();
        var rate = Spread.Median(runs.Select(run => run.PerSecond));
        return
        [
            FigureRow.Alone(
                $"durable ingest into PostgreSQL here, {SeriesCount} series, appends of {SeriesCount}",
                FigureRow.Text(rate, "#,0 samples/s"), FigureRow.Text(LeastPerSecond, "≥ #,0 samples/s"),
                rate >= LeastPerSecond),
            FigureRow.Alone(
                "the same: an append, p50 and p99",
                FigureRow.Text(Spread.Median(runs.Select(run => run.P50)), "0 ms")
                + " and " + FigureRow.Text(Spread.Median(runs.Select(run => run.P99)), "0 ms"), "–", passes: true),
            FigureRow.Alone(
                "the same: CPU of this process, of one core",
                FigureRow.Text(Spread.Median(runs.Select(run => run.Cpu)), "0 %"), "–", passes: true),
            FigureRow.Alone(
                "the same: bytes a sample in the database, all counted",
                FigureRow.Text(Spread.Median(runs.Select(run => run.BytesPerSample)), "0.0"), "–", passes: true),
        ];
    }

    private static async Task<Ingest> MeasureAsync(FigureSettings settings)
    {
        using var server = new LocalPostgres();
        var catalog = new SeriesCatalog();
        await using var store = new SampleStore(
            new PostgresDatabase(server.ConnectionString, "postgres://sonde@127.0.0.1/sonde", null), catalog,
            TimeProvider.System, NullLogger<SampleStore>.Instance);
        var round = await store.BeginRunAsync(CancellationToken.None);
        var batch = Make(catalog);
        var took = new List<double>();
        var random = new Random(1);
        var process = Process.GetCurrentProcess();
        var (watch, cpuBefore) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        var making = TimeSpan.Zero;
        while (watch.Elapsed < settings.Seconds(60))
        {
            var beganMaking = watch.Elapsed;
            Advance(batch, round++, random);
            var began = watch.Elapsed;
            making += began - beganMaking;
            await store.AppendAsync(batch, CancellationToken.None);
            took.Add((watch.Elapsed - began).TotalMilliseconds);
        }
        var elapsed = watch.Elapsed;
        process.Refresh();
        var cpu = process.TotalProcessorTime - cpuBefore - making;
        var samples = (double)took.Count * SeriesCount;
        took.Sort();
        return new Ingest(
            samples / elapsed.TotalSeconds, took[took.Count / 2], took[took.Count * 99 / 100],
            cpu / elapsed, await ReadSizeAsync(server) / samples);
    }

    private static Sample[] Make(SeriesCatalog catalog) =>
    [
        .. Enumerable.Range(0, SeriesCount).Select(number => new Sample
        {
            Series = catalog.GetOrAdd(new SeriesKey(
                CheckId.Parse(string.Create(CultureInfo.InvariantCulture, $"icmp-{number}")), "local", 4, Quantity.Rtt)),
            Round = 0,
            Index = 0,
            SentAtMilliseconds = 1_767_225_600_000 + (number / 10),
            Value = 10_000 + number,
            TimeToLive = 57,
        }),
    ];

    // a second later, sent some milliseconds off, with another time and now and then a loss
    private static void Advance(Sample[] batch, long round, Random random)
    {
        foreach (ref var sample in batch.AsSpan())
        {
            sample = sample with
            {
                Round = round,
                SentAtMilliseconds = sample.SentAtMilliseconds + 1_000 + random.Next(-1, 2),
                Value = sample.Value + random.Next(-300, 301),
            };
        }
    }

    private static async Task<long> ReadSizeAsync(LocalPostgres server)
    {
        await using var connection = new Npgsql.NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            + "WHERE nspname = 'sonde' AND relkind = 'r'",
            connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed record Ingest(double PerSecond, double P50, double P99, double Cpu, double BytesPerSample);
}
