namespace Sonde.Metrics;

/// <summary>The durations of a series since the start, as a scrape shows them; a copy that nobody changes.</summary>
/// <param name="Counts">How many lie in each of <see cref="ClassicBuckets"/>; the last one has no upper bound.</param>
/// <param name="Count">How many there are.</param>
/// <param name="SumSeconds">Their sum.</param>
/// <param name="Zeros">How many of them are below a microsecond.</param>
/// <param name="Exponential">The buckets of a native histogram; empty when the format has no use for them.</param>
internal sealed record Distribution(
    long[] Counts, long Count, double SumSeconds, long Zeros, IReadOnlyList<(int Index, long Count)> Exponential);
