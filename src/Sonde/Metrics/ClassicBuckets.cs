using System.Globalization;
using System.Numerics;

namespace Sonde.Metrics;

/// <summary>
/// The buckets of the classic histograms: 50 µs × 2^0 to 2^19, as smokeping_prober has them, so that dashboards and
/// recording rules on <c>le</c> go on working.
/// </summary>
internal static class ClassicBuckets
{
    /// <summary>Buckets with an upper bound.</summary>
    public const int Bounded = 20;

    private const long FirstMicroseconds = 50;

    /// <summary>The upper bounds in seconds, inclusive.</summary>
    public static readonly double[] Bounds =
        [.. Enumerable.Range(0, Bounded).Select(n => (FirstMicroseconds << n) / 1e6)];

    /// <summary>The label <c>le</c> of each bucket, the last one's <c>+Inf</c>.</summary>
    public static readonly Labels[] UpToLabels =
        [.. Bounds.Select(bound => Labels.Of(("le", ToText(bound)))), Labels.Of(("le", "+Inf"))];

    /// <summary>The place of a duration's bucket; <see cref="Bounded"/> for those above all bounds.</summary>
    public static int IndexOf(long microseconds) => microseconds <= FirstMicroseconds
        ? 0
        : Math.Min(Bounded, BitOperations.Log2((ulong)((microseconds - 1) / FirstMicroseconds)) + 1);

    /// <summary>The first is written as Go writes it: a rule may have it between quotes.</summary>
    private static string ToText(double bound) =>
        bound < 1e-4 ? "5e-05" : bound.ToString(CultureInfo.InvariantCulture);
}
