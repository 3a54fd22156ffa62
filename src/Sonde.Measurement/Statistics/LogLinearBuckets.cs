using System.Numerics;

namespace Sonde.Measurement.Statistics;

/// <summary>The bucket borders of <see cref="QuantileSketch"/>. They are stored with sketches: never changed.</summary>
internal static class LogLinearBuckets
{
    /// <summary>How many buckets cover 0 to <see cref="long.MaxValue"/>.</summary>
    public const int Count = Exact + (62 - ExactBits + 1) * PerPower;

    private const int ExactBits = 7;
    private const int Exact = 1 << ExactBits;
    private const int PerPower = Exact / 2;

    /// <summary>The bucket of a value of 0 or more.</summary>
    public static int IndexOf(long value)
    {
        if (value < Exact)
        {
            return (int)value;
        }
        var power = BitOperations.Log2((ulong)value);
        var place = (int)(value >> (power - ExactBits + 1)) - PerPower;
        return Exact + (power - ExactBits) * PerPower + place;
    }

    /// <summary>The smallest value of a bucket.</summary>
    public static long LowestOf(int bucket) =>
        bucket < Exact ? bucket : (long)(PerPower + (bucket - Exact) % PerPower) << WidthBits(bucket);

    /// <summary>The largest value of a bucket.</summary>
    public static long HighestOf(int bucket) =>
        bucket < Exact ? bucket : LowestOf(bucket) + ((1L << WidthBits(bucket)) - 1);

    /// <summary>The value that stands for all of a bucket.</summary>
    public static long MiddleOf(int bucket) =>
        bucket < Exact ? bucket : LowestOf(bucket) + (1L << (WidthBits(bucket) - 1));

    private static int WidthBits(int bucket) => (bucket - Exact) / PerPower + 1;
}
