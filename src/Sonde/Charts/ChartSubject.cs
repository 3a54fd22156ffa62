using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary>Whose samples a chart draws.</summary>
/// <param name="Check">The check.</param>
/// <param name="Interval">Time between its rounds; null when it is not configured any more.</param>
/// <param name="Series">Its durations.</param>
internal sealed record ChartSubject(CheckId Check, TimeSpan? Interval, IReadOnlyList<SeriesKey> Series)
{
    /// <summary>The durations that it has: <c>rtt</c>, and the phases of it that were measured.</summary>
    public IEnumerable<string> Quantities =>
        Series.Select(key => key.Quantity.Name).Prepend(Quantity.Rtt.Name).Distinct();

    /// <summary>A check that is measured.</summary>
    public static ChartSubject Of(CheckView view) => new(
        view.Check.Id, view.Check.Interval, [.. view.Series.Concat(view.Phases).Select(one => one.Key)]);

    /// <summary>A check of which only the store knows.</summary>
    public static ChartSubject OfHidden(CheckId check, IEnumerable<SeriesKey> stored) => new(
        check, Interval: null, [.. stored.Where(key => key.Quantity.Unit == Quantity.Microseconds)]);
}
