namespace Sonde.Charts;

/// <summary>The samples of a target over a span, and the marks on its time axis: what a chart draws.</summary>
/// <param name="Id">The target.</param>
/// <param name="Quantity"><c>rtt</c>, or the phase whose samples these are.</param>
/// <param name="From">The beginning, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="IntervalSeconds">
/// Time between rounds; more than 2.5 of it without a sample is a gap. Null when the target is not configured any more.
/// </param>
/// <param name="IsTruncated">True when there were more samples than one answer takes: the oldest are left out.</param>
/// <param name="Series">One for each IP version with samples.</param>
/// <param name="Marks">What happened meanwhile, in time order.</param>
public sealed record ChartSamples(
    string Id, string Quantity, DateTimeOffset From, DateTimeOffset To, double? IntervalSeconds, bool IsTruncated,
    IReadOnlyList<SampleColumns> Series, IReadOnlyList<MarkView> Marks);

/// <summary>Samples of one IP version by columns, one entry for each sample, in time order.</summary>
/// <param name="Family">4 or 6.</param>
/// <param name="Round">The number of the round.</param>
/// <param name="Index">The place in the round.</param>
/// <param name="SentAtMs">When it was sent: milliseconds since 1970 UTC.</param>
/// <param name="RttMs">The round-trip time, or that of the phase; null when it was lost, of a phase: in it.</param>
/// <param name="Loss">Why it was lost, for example <c>timeout</c>; null when it was answered.</param>
/// <param name="Suspect">True when this program was late while it was taken.</param>
public sealed record SampleColumns(
    int Family, IReadOnlyList<long> Round, IReadOnlyList<int> Index, IReadOnlyList<long> SentAtMs,
    IReadOnlyList<double?> RttMs, IReadOnlyList<string?> Loss, IReadOnlyList<bool> Suspect);

/// <summary>Something that stands on a time axis.</summary>
/// <param name="AtMs">When: milliseconds since 1970 UTC.</param>
/// <param name="Kind">The kind's word, for example <c>clockStepped</c>.</param>
/// <param name="Text">A sentence.</param>
public sealed record MarkView(long AtMs, string Kind, string Text);
