using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Sonde.Targets;

namespace Sonde.Benchmarks.Peers;

/// <summary>How many bytes a sample takes in the file of the embedded store after compaction, everything counted.</summary>
internal sealed class StoreSizeFigure : IFigure
{
    private const int Samples = 10_000_000;
    private const double MostBytes = 2.0;
    private const int BatchPerSeries = 400;

    /// <inheritdoc/>
    public string Name => "store-size";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings) =>
    [
        Measure(settings, "traces of the Internet, a sample each 240 s", trace => trace),
        Measure(settings, "the same round-trip times, sent as 'sonde run' sends each second", new SecondSlips(settings).Send),
    ];

    private static FigureRow Measure(FigureSettings settings, string what, Func<Sample[], Sample[]> change)
    {
        var directory = Directory.CreateTempSubdirectory("sonde-size-");
        try
        {
            var traces = TraceBlocks.ReadSeries().Select(change).ToList();
            var count = FillAsync(settings, directory.FullName, traces).GetAwaiter().GetResult();
            var before = SizeOf(directory);
            var compacted = Compact(settings, directory.FullName);
            var bytes = (double)SizeOf(directory) / count;
            return FigureRow.Alone(
                FormattableString.Invariant(
                    $"bytes a sample, {what}: {count:#,0} samples ({(double)before / count:0.000} before compaction)"),
                FigureRow.Text(bytes, "0.000 B"), FigureRow.Text(MostBytes, "≤ 0.0 B"),
                compacted && bytes <= MostBytes);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<long> FillAsync(FigureSettings settings, string directory, List<Sample[]> traces)
    {
        var catalog = new SeriesCatalog();
        await using var store = new SampleStore(
            new SqliteDatabase(directory), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
        var series = traces.Select((trace, number) => new RepeatedTrace(trace, catalog.GetOrAdd(new SeriesKey(
            CheckId.Parse(FormattableString.Invariant($"icmp-{number}")), "local", 4, Quantity.Rtt)))).ToList();
        long count = 0;
        for (var batch = new List<Sample>(); count < settings.Targets(Samples); batch.Clear())
        {
            foreach (var one in series)
            {
                one.Next(BatchPerSeries, batch);
            }
            await store.AppendAsync(batch.ToArray(), CancellationToken.None);
            count += batch.Count;
        }
        return count;
    }

    private static bool Compact(FigureSettings settings, string directory)
    {
        using var compacting = Process.Start(new ProcessStartInfo(settings.Sonde, ["store", "compact", "--data", directory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var told = compacting.StandardError.ReadToEnd() + compacting.StandardOutput.ReadToEnd();
        compacting.WaitForExit();
        if (compacting.ExitCode != 0)
        {
            Console.Error.WriteLine(told);
        }
        return compacting.ExitCode == 0;
    }

    private static long SizeOf(DirectoryInfo directory) =>
        directory.GetFiles("sonde.db*").Sum(file => file.Length);
}
