using Sonde.Samples;

namespace Sonde.RemoteWrite;

/// <summary>What was measured of each series since the start, for counters that only grow. Any thread.</summary>
internal sealed class SeriesTotals : ISampleSink
{
    private readonly Lock _lock = new();
    private SeriesTotal[] _totals = [];

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        lock (_lock)
        {
            foreach (ref readonly var sample in samples)
            {
                if (sample.Series.Number >= _totals.Length)
                {
                    Array.Resize(ref _totals, Math.Max(sample.Series.Number + 1, _totals.Length * 2));
                }
                ref var total = ref _totals[sample.Series.Number];
                total = new SeriesTotal(
                    total.Sent + 1, total.Received + (sample.IsLost ? 0 : 1), total.Duplicates + sample.Duplicates,
                    sample.IsLost ? null : sample.Value, sample.SentAtMilliseconds / 1e3);
            }
        }
    }

    /// <summary>The totals of a series; all 0 while nothing was measured.</summary>
    public SeriesTotal Of(SeriesHandle series)
    {
        lock (_lock)
        {
            return series.Number < _totals.Length ? _totals[series.Number] : default;
        }
    }
}

/// <summary>What was measured of a series since the start.</summary>
/// <param name="Sent">Probes sent and measured.</param>
/// <param name="Received">Of these, how many were answered.</param>
/// <param name="Duplicates">Further copies of answers.</param>
/// <param name="Last">The value of the newest sample in the unit of the series; null when it was lost.</param>
/// <param name="LastAt">When the newest sample was sent: seconds since 1970 UTC.</param>
internal readonly record struct SeriesTotal(long Sent, long Received, long Duplicates, long? Last, double LastAt)
{
    /// <summary>Probes without a valid answer.</summary>
    public long Lost => Sent - Received;
}
