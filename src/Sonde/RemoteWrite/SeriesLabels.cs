using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.RemoteWrite;

/// <summary>
/// The labels that all metrics of a series bear, encoded once. Sorted as Prometheus asks, a metric's own label
/// (<c>phase</c>, <c>quantile</c>) stands between the two parts.
/// </summary>
/// <param name="Before"><c>check, family, kind</c>.</param>
/// <param name="After"><c>region, target, vantage_point</c>.</param>
internal sealed record SeriesLabels(byte[] Before, byte[] After)
{
    /// <summary>The labels of a series; a region that is not given is left out.</summary>
    public static SeriesLabels Of(Check check, SeriesKey key) => new(
        [
            .. ProtobufWriter.Label("check", check.Id.Value),
            .. ProtobufWriter.Label("family", key.Family == 6 ? "6" : "4"),
            .. ProtobufWriter.Label("kind", check.Kind.ToWord()),
        ],
        [
            .. check.Region is { } region ? ProtobufWriter.Label("region", region) : [],
            .. ProtobufWriter.Label("target", check.Name),
            .. ProtobufWriter.Label("vantage_point", key.VantagePoint),
        ]);

    /// <summary>True when both say the same.</summary>
    public bool IsSame(SeriesLabels other) =>
        Before.AsSpan().SequenceEqual(other.Before) && After.AsSpan().SequenceEqual(other.After);
}
