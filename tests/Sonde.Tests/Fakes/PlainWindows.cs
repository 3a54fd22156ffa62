using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Tests;

/// <summary>Windows made sample by sample: what every store's windows must equal.</summary>
internal static class PlainWindows
{
    /// <summary>The windows of a query over samples in the order of round and index.</summary>
    public static Window?[] Of(IEnumerable<Sample> samples, WindowQuery query)
    {
        var windows = new Window?[query.Count];
        foreach (var sample in samples)
        {
            if (sample.SentAtMilliseconds >= query.FromMilliseconds && sample.SentAtMilliseconds < query.ToMilliseconds)
            {
                var place = (sample.SentAtMilliseconds - query.FromMilliseconds) / query.StepMilliseconds;
                (windows[place] ??= new Window()).Add(
                    sample.Round, sample.Index, sample.Loss, sample.Value, sample.Duplicates, sample.IsSuspect);
            }
        }
        return windows;
    }

    /// <summary>The windows of a store that can only read samples.</summary>
    public static async IAsyncEnumerable<SeriesWindows> ReadAsync(ISampleStore store, WindowQuery query)
    {
        foreach (var series in query.Series)
        {
            yield return new SeriesWindows(series, Of(await AllAsync(store, series), query), IsCoarse: false);
        }
    }

    /// <summary>The last samples of a store that can only read samples.</summary>
    public static async ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        ISampleStore store, IReadOnlyList<SeriesKey> series)
    {
        var latest = new List<Sample?>();
        foreach (var key in series)
        {
            latest.Add((await AllAsync(store, key)).Select(sample => (Sample?)sample).LastOrDefault());
        }
        return latest;
    }

    private static async Task<List<Sample>> AllAsync(ISampleStore store, SeriesKey series)
    {
        var samples = new List<Sample>();
        await foreach (var batch in store.ReadAsync(series, long.MinValue, long.MaxValue, CancellationToken.None))
        {
            samples.AddRange(batch.Span);
        }
        return samples;
    }
}
