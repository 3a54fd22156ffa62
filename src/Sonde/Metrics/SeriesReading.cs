using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Metrics;

/// <summary>A check as one scrape shows it.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="State">Its state.</param>
internal sealed record CheckReading(Labels Labels, CheckState State);

/// <summary>A series as one scrape shows it.</summary>
internal sealed class SeriesReading
{
    /// <summary>Its labels but for <see cref="Family"/> and <see cref="Phase"/>.</summary>
    public required Labels Labels { get; init; }

    /// <summary>The label <c>family</c>.</summary>
    public required Labels Family { get; init; }

    /// <summary>The label <c>phase</c>.</summary>
    public required Labels Phase { get; init; }

    /// <summary>What it has counted.</summary>
    public required SeriesCounts Counts { get; init; }

    /// <summary>Its last five minutes; null unless it holds round-trip times.</summary>
    public Window? FiveMinutes { get; init; }

    /// <summary>Its labels as smokeping_prober has them; null when it has none there.</summary>
    public Labels? Smokeping { get; init; }
}

/// <summary>All that one scrape shows of the targets.</summary>
/// <param name="Checks">The checks.</param>
/// <param name="RoundTrips">The series of round-trip times.</param>
/// <param name="Phases">The series of phases, and whatever else is measured in microseconds.</param>
/// <param name="Certificates">The series of seconds until a certificate expires.</param>
internal sealed record TargetReadings(
    List<CheckReading> Checks, List<SeriesReading> RoundTrips, List<SeriesReading> Phases,
    List<SeriesReading> Certificates);
