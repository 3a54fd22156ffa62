using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.Benchmarks.Peers;

/// <summary>How many samples a second the embedded store takes durably, from 10,000 series.</summary>
internal sealed class StoreIngestFigure : IFigure
{
    private const int SeriesCount = 10_000;
    private const double LeastPerSecond = 1_500_000;
    private const double LongestAppend = 50;

    /// <inheritdoc/>
    public string Name => "store-ingest";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var runs = Enumerable.Range(0, settings.Runs)
            .Select(_ => MeasureAsync(settings).GetAwaiter().GetResult()).ToList();
        var rate = Spread.Median(runs.Select(run => run.PerSecond));
        var p99 = Spread.Median(runs.Select(run => run.P99));
        var cpu = Spread.Median(runs.Select(run => run.Cpu));
        return
        [
            FigureRow.Alone(
                $"durable ingest into SQLite, {SeriesCount} series, appends of {SeriesCount}",
                FigureRow.Text(rate, "#,0 samples/s"), FigureRow.Text(LeastPerSecond, "≥ #,0 samples/s"),
                rate >= LeastPerSecond),
            FigureRow.Alone(
                "the same: an append, p50 and p99",
                FigureRow.Text(Spread.Median(runs.Select(run => run.P50)), "0.0 ms") + " and "
                + FigureRow.Text(p99, "0.0 ms"), FigureRow.Text(LongestAppend, "≤ 0 ms"), p99 <= LongestAppend),
            FigureRow.Alone(
                "the same: CPU of a sample, all threads", FigureRow.Text(cpu, "0 ns"),
                FigureRow.Text(1e9 / LeastPerSecond, "≤ 0 ns"), cpu <= 1e9 / LeastPerSecond),
        ];
    }

    private static async Task<Ingest> MeasureAsync(FigureSettings settings)
    {
        var directory = Directory.CreateTempSubdirectory("sonde-ingest-");
        try
        {
            var catalog = new SeriesCatalog();
            await using var store = new SampleStore(
                new SqliteDatabase(directory.FullName), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
            var round = await store.BeginRunAsync(CancellationToken.None);
            var load = new IngestLoad(catalog, SeriesCount);
            var took = new List<double>();
            var process = Process.GetCurrentProcess();
            var cpu = TimeSpan.Zero;
            for (var appending = TimeSpan.Zero; appending < settings.Seconds(60);)
            {
                var batch = load.Next(round++);
                process.Refresh();
                var (began, cpuBefore) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
                await store.AppendAsync(batch, CancellationToken.None);
                var elapsed = Stopwatch.GetElapsedTime(began);
                process.Refresh();
                cpu += process.TotalProcessorTime - cpuBefore;
                appending += elapsed;
                took.Add(elapsed.TotalMilliseconds);
            }
            var samples = (double)took.Count * SeriesCount;
            return new Ingest(
                samples / took.Sum() * 1_000, Spread.Quantile(took, 0.5), Spread.Quantile(took, 0.99),
                cpu.TotalNanoseconds / samples);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private sealed record Ingest(double PerSecond, double P50, double P99, double Cpu);
}
