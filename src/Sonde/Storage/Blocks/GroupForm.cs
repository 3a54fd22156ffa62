using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sonde.Storage.Blocks;

/// <summary>How <see cref="NumberPacking"/> packs the distances of a group.</summary>
/// <param name="Shift">How many lowest bits are packed as they are.</param>
/// <param name="HasUnary">Whether what is above stands in unary.</param>
/// <param name="Exceptions">How many do not fit.</param>
/// <param name="Cost">About how many bits that takes.</param>
internal readonly record struct GroupForm(int Shift, bool HasUnary, int Exceptions, int Cost)
{
    private const int ExceptionsBits = 8;

    /// <summary>The cheapest form of 1 or more distances.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static GroupForm Choose(ReadOnlySpan<ulong> distances)
    {
        var (count, longest) = (distances.Length, LongestOf(distances));
        var best = new GroupForm(0, false, 0, int.MaxValue);
        var shift = Math.Min(longest, NumberPacking.MaxShift);
        // how many have more bits than shift + 1, + 2, + 3, + 4
        var (above1, above2, above3, above4) = (
            Above(distances, shift + 1), Above(distances, shift + 2),
            Above(distances, shift + 3), Above(distances, shift + 4));
        var least = Math.Max(0, longest + NumberPacking.PlaceBits - BitPacking.MaxWidth);
        for (; shift >= least; shift--)
        {
            var above = shift >= longest ? 0 : Above(distances, shift);
            var exception = NumberPacking.PlaceBits + longest - shift;
            var plain = count * shift + Exceptional(above, exception);
            if (plain < best.Cost)
            {
                best = new GroupForm(shift, false, above, plain);
            }
            // in unary 1 takes 1 bit more than 0 does; 2 and 3 take 2.5 on average, 4 to 7 5.5, 8 to 15 11.5
            var unary = above - above1 + (above1 - above2) * 5 / 2 + (above2 - above3) * 11 / 2
                + (above3 - above4) * 23 / 2;
            var rice = count * (shift + 1) + unary + Exceptional(above4, exception);
            if (rice < best.Cost)
            {
                best = new GroupForm(shift, true, above4, rice);
            }
            if (Math.Min(plain, rice) > best.Cost + count)
            {
                break;   // it only becomes worse
            }
            (above1, above2, above3, above4) = (above, above1, above2, above3);
        }
        return best;
    }

    /// <summary>How many bits the longest has.</summary>
    private static int LongestOf(ReadOnlySpan<ulong> distances)
    {
        var vectors = MemoryMarshal.Cast<ulong, Vector<ulong>>(distances);
        var all = Vector<ulong>.Zero;
        foreach (var vector in vectors)
        {
            all |= vector;
        }
        var bits = 0UL;
        for (var i = 0; i < Vector<ulong>.Count; i++)
        {
            bits |= all[i];
        }
        foreach (var distance in distances[(vectors.Length * Vector<ulong>.Count)..])
        {
            bits |= distance;
        }
        return 64 - BitOperations.LeadingZeroCount(bits);
    }

    /// <summary>How many have more bits than so many, 0 or more.</summary>
    private static int Above(ReadOnlySpan<ulong> distances, int bits)
    {
        if (bits >= 64)
        {
            return 0;
        }
        var limit = (1UL << bits) - 1;
        var limits = new Vector<ulong>(limit);
        var vectors = MemoryMarshal.Cast<ulong, Vector<ulong>>(distances);
        var counts = Vector<ulong>.Zero;
        foreach (var vector in vectors)
        {
            counts -= Vector.GreaterThan(vector, limits);   // all ones is -1
        }
        var count = (int)Vector.Sum(counts);
        foreach (var distance in distances[(vectors.Length * Vector<ulong>.Count)..])
        {
            count += distance > limit ? 1 : 0;
        }
        return count;
    }

    private static int Exceptional(int count, int bits) => count == 0 ? 0 : ExceptionsBits + count * bits;
}
