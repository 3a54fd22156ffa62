using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sonde.Storage.Blocks;

/// <summary>The least and the greatest of some numbers.</summary>
internal readonly record struct Extent(long Least, long Greatest)
{
    /// <summary>Of one number or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Extent Of(ReadOnlySpan<long> numbers)
    {
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(numbers);
        var (lows, highs) = (new Vector<long>(numbers[0]), new Vector<long>(numbers[0]));
        foreach (var vector in vectors)
        {
            lows = Vector.Min(lows, vector);
            highs = Vector.Max(highs, vector);
        }
        var (least, greatest) = (numbers[0], numbers[0]);
        for (var i = 0; i < Vector<long>.Count; i++)
        {
            least = Math.Min(least, lows[i]);
            greatest = Math.Max(greatest, highs[i]);
        }
        foreach (var number in numbers[(vectors.Length * Vector<long>.Count)..])
        {
            least = Math.Min(least, number);
            greatest = Math.Max(greatest, number);
        }
        return new(least, greatest);
    }
}
