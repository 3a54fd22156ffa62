using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts.Queries;

/// <summary>Which series the store has of which target, as it was a moment ago: at most a second for each ten thousand
/// series.</summary>
internal sealed class SeriesIndex(ISampleStore store, TimeProvider time) : IDisposable
{
    private const double SeriesPerSecond = 10_000;

    private readonly SemaphoreSlim _reading = new(1);
    private Picture? _newest;

    /// <summary>The series of a target in the order of vantage point, family and quantity; empty when there are
    /// none.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async ValueTask<IReadOnlyList<SeriesKey>> FindAsync(CheckId target, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).GetValueOrDefault(target, []);

    /// <summary>The series of all targets, those that are hidden too.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async ValueTask<IReadOnlyDictionary<CheckId, SeriesKey[]>> ReadAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _newest) is { } known && IsFresh(known))
        {
            return known.Series;
        }
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_newest is not { } newest || !IsFresh(newest))
            {
                var takenAt = time.GetTimestamp();
                var keys = await store.ListSeriesAsync(cancellationToken);
                newest = new(takenAt, keys.Count, keys.GroupBy(key => key.Check)
                    .ToDictionary(group => group.Key, group => group.ToArray()));
                Volatile.Write(ref _newest, newest);
            }
            return newest.Series;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private bool IsFresh(Picture picture) =>
        time.GetElapsedTime(picture.TakenAt) < TimeSpan.FromSeconds(Math.Max(1, picture.Count / SeriesPerSecond));

    private sealed record Picture(long TakenAt, int Count, Dictionary<CheckId, SeriesKey[]> Series);
}
