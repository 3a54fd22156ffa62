using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Sonde.Targets;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// A data directory with a series of 30 days, one of a year and an hour of a thousand, and a configuration whose checks
/// of these ids wait for jobs that never call, so that nothing is measured meanwhile.
/// </summary>
internal sealed class ChartStore : IDisposable
{
    /// <summary>How many series have an hour.</summary>
    public const int Fleet = 1_000;

    private const int BatchSize = 50_000;
    private const int SecondsOfBatch = 20;
    private const int SeedOfYear = 365;
    private const int SeedOfMonth = 30;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly bool _isKept;
    private readonly string _folder;

    /// <summary>Makes it, or takes the one that the folder named by SONDE_FIGURE_DATA has kept.</summary>
    public ChartStore(FigureSettings settings)
    {
        Month = TimeSpan.FromDays(settings.Targets(30));
        Year = TimeSpan.FromDays(settings.Targets(365));
        var kept = Environment.GetEnvironmentVariable("SONDE_FIGURE_DATA");
        _isKept = kept is not null;
        _folder = kept is null
            ? Directory.CreateTempSubdirectory("sonde-figure").FullName
            : Path.Combine(kept, settings.IsQuick ? "charts-quick" : "charts");
        if (!File.Exists(EndFile))
        {
            Directory.CreateDirectory(Data);
            FillAsync().GetAwaiter().GetResult();
        }
        End = DateTimeOffset.Parse(File.ReadAllText(EndFile), CultureInfo.InvariantCulture);
    }

    /// <summary>How long the series <c>month</c> is.</summary>
    public TimeSpan Month { get; }

    /// <summary>How long the series <c>year</c> is.</summary>
    public TimeSpan Year { get; }

    /// <summary>When all series end; not in the last hour, which a start reads.</summary>
    public DateTimeOffset End { get; }

    /// <summary>The data directory.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>The configuration.</summary>
    public string ConfigurationFile => Path.Combine(_folder, "sonde.yaml");

    private string EndFile => Path.Combine(_folder, "end");

    /// <summary>The values of the year as they were stored, sorted.</summary>
    public int[] ReadYear()
    {
        var trace = new PlayedTrace(default, 0, 0, SeedOfYear);
        var values = new List<int>((int)Year.TotalSeconds);
        var batch = new Sample[BatchSize];
        for (var left = (long)Year.TotalSeconds; left > 0; left -= BatchSize)
        {
            var part = batch.AsSpan(0, (int)Math.Min(left, BatchSize));
            trace.Play(part);
            foreach (ref readonly var sample in part)
            {
                if (!sample.IsLost)
                {
                    values.Add((int)sample.Value);
                }
            }
        }
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isKept)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task FillAsync()
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(
            (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 3_600 * 3_600) - (2 * 3_600));
        var catalog = new SeriesCatalog();
        await using (var store = new SampleStore(
            new SqliteDatabase(Data), catalog, TimeProvider.System, NullLogger<SampleStore>.Instance))
        {
            var first = await store.BeginRunAsync(CancellationToken.None);
            await FillOneAsync(store, MakeTrace(catalog, "year", first, end - Year, SeedOfYear), Year);
            await FillOneAsync(store, MakeTrace(catalog, "month", first, end - Month, SeedOfMonth), Month);
            await FillFleetAsync(store, [.. Enumerable.Range(0, Fleet).Select(number =>
                MakeTrace(catalog, $"n{number}", first, end - Hour, 1_000 + number))]);
        }
        File.WriteAllText(ConfigurationFile, Configuration());
        File.WriteAllText(EndFile, end.ToString("O", CultureInfo.InvariantCulture));
    }

    private static PlayedTrace MakeTrace(
        SeriesCatalog catalog, string check, long firstRound, DateTimeOffset start, int seed) => new(
            catalog.GetOrAdd(new SeriesKey(CheckId.Parse(check), "local", 4, Quantity.Rtt)), firstRound,
            start.ToUnixTimeMilliseconds(), seed);

    private static async Task FillOneAsync(SampleStore store, PlayedTrace trace, TimeSpan length)
    {
        var batch = new Sample[BatchSize];
        for (var left = (long)length.TotalSeconds; left > 0; left -= BatchSize)
        {
            var count = (int)Math.Min(left, BatchSize);
            trace.Play(batch.AsSpan(0, count));
            await store.AppendAsync(batch.AsMemory(0, count), CancellationToken.None);
        }
    }

    private static async Task FillFleetAsync(SampleStore store, PlayedTrace[] fleet)
    {
        var batch = new Sample[fleet.Length * SecondsOfBatch];
        for (var second = 0; second < (int)Hour.TotalSeconds; second += SecondsOfBatch)
        {
            for (var place = 0; place < fleet.Length; place++)
            {
                fleet[place].Play(batch.AsSpan(place * SecondsOfBatch, SecondsOfBatch));
            }
            await store.AppendAsync(batch, CancellationToken.None);
        }
    }

    private static string Configuration()
    {
        var text = new StringBuilder("defaults:\n  interval: 1d\ngroups:\n  - name: fleet\n    targets:\n");
        for (var number = 0; number < Fleet; number++)
        {
            text.Append(Job("      ", $"n{number}"));
        }
        return text.Append("targets:\n").Append(Job("  ", "month")).Append(Job("  ", "year")).ToString();
    }

    private static string Job(string indent, string id) =>
        $"{indent}- name: {id}\n{indent}  id: {id}\n{indent}  kind: push\n{indent}  token: token-of-{id}-long-enough\n";
}
