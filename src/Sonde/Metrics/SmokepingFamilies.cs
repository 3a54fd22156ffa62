namespace Sonde.Metrics;

/// <summary>The metrics of the ICMP targets by the names, types and labels of smokeping_prober.</summary>
internal static class SmokepingFamilies
{
    /// <summary>Of each series that has labels of smokeping_prober.</summary>
    public static readonly FamilyOf<SeriesReading>[] OfRoundTrips =
    [
        FamilyOf<SeriesReading>.Counter(
            "smokeping_requests_total", "Echo requests sent and measured",
            static (writer, series) => writer.Write(series.Counts.Sent, series.Smokeping!)),
        FamilyOf<SeriesReading>.Counter(
            "smokeping_response_duplicates_total", "Further copies of echo replies",
            static (writer, series) => writer.Write(series.Counts.Duplicates, series.Smokeping!)),
        FamilyOf<SeriesReading>.Histogram(
            "smokeping_response_duration_seconds", "Round-trip times of the echo replies",
            static (writer, series) => writer.Write(series.Counts.Durations, series.Smokeping!)),
        FamilyOf<SeriesReading>.Gauge(
            "smokeping_response_ttl", "Hop limit left in the last echo reply",
            static (writer, series) =>
            {
                if (series.Counts.TimeToLive is { } left)
                {
                    writer.Write(left, series.Smokeping!);
                }
            }),
        FamilyOf<SeriesReading>.Counter(
            "smokeping_send_errors_total", "Echo requests that could not be sent or timed",
            static (writer, series) => writer.Write(series.Counts.NotSent, series.Smokeping!)),
    ];
}
