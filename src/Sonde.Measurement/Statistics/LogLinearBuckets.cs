using System.Numerics;

namespace Sonde.Measurement.Statistics;

/// <summary>The bucket borders of <see cref="QuantileSketch"/>. They are stored with sketches: never changed.</summary>
/// <remarks>Bucket 0 is the value 0; those of negative values mirror those of positive ones.</remarks>
internal static class LogLinearBuckets
{
    /// <summary>The buckets reach from -<see cref="Last"/> to this one, which ends with
    /// <see cref="long.MaxValue"/>.</summary>
    public const int Last = Exact + (62 - ExactBits + 1) * PerPower - 1;

    private const int ExactBits = 7;
    private const int Exact = 1 << ExactBits;
    private const int PerPower = Exact / 2;

    /// <summary>The bucket of a value above <see cref="long.MinValue"/>.</summary>
    public static int IndexOf(long value)
    {
        var sign = (int)(value >> 63);   // -1 or 0: (x ^ sign) - sign gives x or -x
        var magnitude = (ulong)((value ^ sign) - sign);
        var shift = BitOperations.Log2(magnitude | PerPower) - (ExactBits - 1);
        var bucket = shift * PerPower + (int)(magnitude >> shift);
        return (bucket ^ sign) - sign;
    }

    /// <summary>The smallest value of a bucket.</summary>
    public static long LowestOf(int bucket) => bucket < 0 ? -OuterOf(-bucket) : InnerOf(bucket);

    /// <summary>The largest value of a bucket.</summary>
    public static long HighestOf(int bucket) => bucket < 0 ? -InnerOf(-bucket) : OuterOf(bucket);

    /// <summary>The value that stands for all of a bucket.</summary>
    public static long MiddleOf(int bucket)
    {
        var distance = Math.Abs(bucket);
        var middle = distance < Exact ? distance : InnerOf(distance) + (1L << (WidthBits(distance) - 1));
        return bucket < 0 ? -middle : middle;
    }

    private static long InnerOf(int distance) =>
        distance < Exact ? distance : (long)(PerPower + (distance - Exact) % PerPower) << WidthBits(distance);

    private static long OuterOf(int distance) =>
        distance < Exact ? distance : InnerOf(distance) + ((1L << WidthBits(distance)) - 1);

    private static int WidthBits(int distance) => (distance - Exact) / PerPower + 1;
}
