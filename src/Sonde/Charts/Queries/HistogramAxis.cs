using Sonde.Measurement.Statistics;

namespace Sonde.Charts.Queries;

/// <summary>
/// A logarithmic axis of values, a linear one where some are negative, cut into buckets at borders of the sketches'
/// buckets, so that counts are exact.
/// </summary>
internal sealed class HistogramAxis
{
    private HistogramAxis(long[] edges) => Edges = edges;

    /// <summary>
    /// The edges, ascending, in the unit in which the series is stored: one more than there are buckets.
    /// </summary>
    public IReadOnlyList<long> Edges { get; }

    /// <summary>An axis from the smallest to the largest value of all windows.</summary>
    /// <param name="windows">The windows; at least one must have received something.</param>
    /// <param name="buckets">How many buckets at most, 1 or more; fewer where values are close together.</param>
    public static HistogramAxis Over(IEnumerable<Window?> windows, int buckets)
    {
        var (lowest, highest) = (long.MaxValue, long.MinValue);
        foreach (var window in windows)
        {
            lowest = Math.Min(lowest, window?.MinimumMicroseconds ?? long.MaxValue);
            highest = Math.Max(highest, window?.MaximumMicroseconds ?? long.MinValue);
        }
        var start = QuantileSketch.BucketAround(lowest).Lowest;
        var end = QuantileSketch.BucketAround(highest).Highest + 1;
        var edges = new List<long>(buckets + 1) { start };
        for (var place = 1; place < buckets; place++)
        {
            var edge = QuantileSketch.BucketAround(ValueAt((double)place / buckets, start, end)).Lowest;
            if (edge > edges[^1] && edge < end)
            {
                edges.Add(edge);
            }
        }
        edges.Add(end);
        return new([.. edges]);
    }

    /// <summary>Counts a window's samples by bucket.</summary>
    /// <param name="window">The window.</param>
    /// <param name="counts">Overwritten; as many as there are buckets.</param>
    public void Count(Window window, Span<long> counts)
    {
        counts.Clear();
        var place = 0;
        foreach (var bucket in window.Buckets())
        {
            while (bucket.Lowest >= Edges[place + 1])
            {
                place++;
            }
            counts[place] += bucket.Count;
        }
    }

    /// <summary>The value at a share of the way; 0 has no logarithm, so that the axis goes on from 1 there.</summary>
    private static long ValueAt(double share, long start, long end) => (long)Math.Round(start < 0
        ? start + ((end - start) * share)
        : Math.Max(1, start) * Math.Pow((double)end / Math.Max(1, start), share));
}
