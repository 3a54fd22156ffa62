using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;

namespace Sonde.Benchmarks.Peers;

/// <summary>How much memory the embedded store takes with 100,000 series that all have open samples.</summary>
internal sealed class StoreMemoryFigure : IFigure
{
    private const int SeriesCount = 100_000;
    private const int BatchSize = 10_000;
    private const double MostMegabytes = 300;

    /// <inheritdoc/>
    public string Name => "store-memory";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var megabytes = MeasureAsync(settings).GetAwaiter().GetResult();
        return
        [
            FigureRow.Alone(
                FormattableString.Invariant(
                    $"memory of the store, {settings.Targets(SeriesCount):#,0} series, 2 minutes at 1/s: RSS beyond an empty process"),
                FigureRow.Text(megabytes, "0 MB"), FigureRow.Text(MostMegabytes, "≤ 0 MB"), megabytes <= MostMegabytes),
        ];
    }

    private static async Task<double> MeasureAsync(FigureSettings settings)
    {
        var directory = Directory.CreateTempSubdirectory("sonde-memory-");
        try
        {
            var before = Resident();
            var catalog = new SeriesCatalog();
            var load = new IngestLoad(catalog, settings.Targets(SeriesCount));
            await using var store = new SampleStore(
                new SqliteDatabase(directory.FullName), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
            var round = await store.BeginRunAsync(CancellationToken.None);
            var most = 0.0;
            for (var second = 0; second < 120; second++)
            {
                var samples = load.Next(round++);
                for (var done = 0; done < samples.Length; done += BatchSize)
                {
                    await store.AppendAsync(samples.Slice(done, BatchSize), CancellationToken.None);
                }
                most = Math.Max(most, Resident() - before);
            }
            return most;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static double Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }
}
