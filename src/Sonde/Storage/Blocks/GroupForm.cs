using System.Runtime.CompilerServices;

namespace Sonde.Storage.Blocks;

/// <summary>How <see cref="NumberPacking"/> packs the distances of a group.</summary>
/// <param name="Shift">How many lowest bits are packed as they are.</param>
/// <param name="HasUnary">Whether what is above stands in unary.</param>
/// <param name="Exceptions">How many do not fit.</param>
/// <param name="Cost">About how many bits that takes.</param>
internal readonly record struct GroupForm(int Shift, bool HasUnary, int Exceptions, int Cost)
{
    private const int PlaceBits = 7;
    private const int ExceptionsBits = 8;

    /// <summary>The cheapest form.</summary>
    /// <param name="count">How many distances.</param>
    /// <param name="lengths">How many of them have 0, 1, 2 … 64 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static GroupForm Choose(int count, ReadOnlySpan<int> lengths)
    {
        var longest = lengths.LastIndexOfAnyExcept(0);
        Span<int> above = stackalloc int[lengths.Length + 5];   // how many have more bits
        for (var bits = longest - 1; bits >= 0; bits--)
        {
            above[bits] = above[bits + 1] + lengths[bits + 1];
        }
        var least = Math.Max(0, longest + PlaceBits - BitPacking.MaxWidth);
        var best = new GroupForm(0, false, 0, int.MaxValue);
        for (var shift = Math.Min(longest, BitPacking.MaxWidth); shift >= least; shift--)
        {
            var exception = PlaceBits + longest - shift;
            var plain = count * shift + Exceptional(above[shift], exception);
            if (plain < best.Cost)
            {
                best = new GroupForm(shift, false, above[shift], plain);
            }
            // in unary 1 takes 1 bit more than 0 does; 2 and 3 take 2.5 on average, 4 to 7 5.5, 8 to 15 11.5
            var unary = above[shift] - above[shift + 1] + (above[shift + 1] - above[shift + 2]) * 5 / 2
                + (above[shift + 2] - above[shift + 3]) * 11 / 2 + (above[shift + 3] - above[shift + 4]) * 23 / 2;
            var rice = count * (shift + 1) + unary + Exceptional(above[shift + 4], exception);
            if (rice < best.Cost)
            {
                best = new GroupForm(shift, true, above[shift + 4], rice);
            }
        }
        return best;
    }

    private static int Exceptional(int count, int bits) => count == 0 ? 0 : ExceptionsBits + count * bits;
}
