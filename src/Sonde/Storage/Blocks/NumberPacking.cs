using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>Packs a column of numbers that lie near each other, in groups of <see cref="GroupLength"/>.</summary>
/// <remarks>
/// First the first number. Then for each group whatever seems shortest: each number's distance to the one before it, to
/// one in their middle (both as 0, -1, 1, -2 … ↦ 0, 1, 2, 3 …), or to the least. Of these <c>shift</c> lowest bits are
/// packed as they are, and what is above in unary (Rice, 1971), or not at all; distances too large for that are
/// exceptions, of which what is above is packed with the place in the group. A group: the byte shift + 32 if there is
/// unary + 64 for the middle or 128 for the least; how many exceptions (a byte); if any, their bits (a byte); the middle
/// or the least minus the number before the group, as varint; exceptions (7 bits place, above that the rest); lowest
/// bits; unary. Each part begins with a byte of its own.
/// </remarks>
internal static partial class NumberPacking
{
    /// <summary>The most numbers in a group.</summary>
    public const int GroupLength = 1 << PlaceBits;

    /// <summary>The bits of a place in a group.</summary>
    public const int PlaceBits = 7;

    /// <summary>What is above the lowest bits stands in unary up to 2^4 - 1.</summary>
    public const int UnaryBits = 4;

    /// <summary>The most lowest bits.</summary>
    public const int MaxShift = HasUnary - 1;

    private const int HasUnary = 32;
    private const int FromMiddle = 64;
    private const int FromLeast = 128;
    private const int MostBits = 64;

    /// <summary>What the middle or the least costs, in bits for a fourth of the numbers.</summary>
    private const int OriginBits = 3;

    /// <summary>Writes 0 or more numbers.</summary>
    public static void Write(ColumnWriter writer, ReadOnlySpan<long> numbers)
    {
        if (numbers.IsEmpty)
        {
            return;
        }
        writer.Signed(numbers[0]);
        for (var before = numbers[0]; !numbers.IsEmpty;)
        {
            var group = numbers[..Math.Min(GroupLength, numbers.Length)];
            WriteGroup(writer, group, before);
            before = group[^1];
            numbers = numbers[group.Length..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteGroup(ColumnWriter writer, ReadOnlySpan<long> group, long before)
    {
        var (least, middle) = (Least(group), RoughMedian(group));
        var from = Choose(group, before, middle, least);
        Span<ulong> room = stackalloc ulong[GroupLength];
        Span<int> lengths = stackalloc int[MostBits + 1];   // how many distances have so many bits
        var distances = room[..group.Length];
        var origin = before;
        for (var i = 0; i < group.Length; i++)
        {
            var number = group[i];
            var distance = from switch
            {
                FromMiddle => Varint.ZigZag(unchecked(number - middle)),
                FromLeast => (ulong)unchecked(number - least),
                _ => Varint.ZigZag(unchecked(number - origin)),
            };
            distances[i] = distance;
            lengths[BitLength(distance)]++;
            origin = number;
        }
        var form = GroupForm.Choose(group.Length, lengths);
        writer.Byte((byte)(form.Shift | (form.HasUnary ? HasUnary : 0) | from));
        WriteDistances(writer, distances, form, from switch
        {
            FromMiddle => unchecked(middle - before),
            FromLeast => unchecked(least - before),
            _ => null,
        });
    }

    /// <summary>What the numbers seem nearest to, by every fourth of them.</summary>
    /// <returns><see cref="FromMiddle"/>, <see cref="FromLeast"/>, or 0 for the number before.</returns>
    private static int Choose(ReadOnlySpan<long> group, long before, long middle, long least)
    {
        var (bySteps, byMiddle, byLeast) = (0, OriginBits, OriginBits);
        for (var i = 0; i < group.Length; i += 4)
        {
            var number = group[i];
            bySteps += BitLength(Varint.ZigZag(unchecked(number - (i == 0 ? before : group[i - 1]))));
            byMiddle += BitLength(Varint.ZigZag(unchecked(number - middle)));
            byLeast += BitLength((ulong)unchecked(number - least));
        }
        var shortest = Math.Min(bySteps, Math.Min(byMiddle, byLeast));
        return bySteps == shortest ? 0 : byLeast == shortest ? FromLeast : FromMiddle;
    }

    private static int BitLength(ulong number) => MostBits - BitOperations.LeadingZeroCount(number);

    private static void WriteDistances(ColumnWriter writer, ReadOnlySpan<ulong> distances, GroupForm form, long? middle)
    {
        Span<ulong> exceptions = stackalloc ulong[GroupLength];
        var limit = form.HasUnary ? 1UL << UnaryBits : 1UL;
        var (count, all) = (0, 0UL);
        for (var i = 0; i < distances.Length && form.Exceptions > 0; i++)
        {
            var high = distances[i] >> form.Shift;
            exceptions[count] = (high << PlaceBits) | (uint)i;
            if (high >= limit)
            {
                all |= high;
                count++;
            }
        }
        writer.Byte((byte)count);
        var width = PlaceBits + BitLength(all);
        if (count > 0)
        {
            writer.Byte((byte)width);
        }
        if (middle is { } distance)
        {
            writer.Signed(distance);
        }
        Pack(writer, exceptions[..count], width);
        Pack(writer, distances, form.Shift);
        if (form.HasUnary)
        {
            var room = writer.Room((distances.Length << UnaryBits) / 8 + 2 * BitPacking.Slack);
            writer.Advance(BitPacking.PackUnary(distances, form.Shift, limit, room));
        }
    }

    private static void Pack(ColumnWriter writer, ReadOnlySpan<ulong> numbers, int width)
    {
        var length = BitPacking.ByteCount(numbers.Length, width);
        BitPacking.Pack(numbers, width, writer.Room(length + BitPacking.Slack));
        writer.Advance(length);
    }

    private static long Least(ReadOnlySpan<long> numbers)
    {
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(numbers);
        var lows = new Vector<long>(numbers[0]);
        foreach (var vector in vectors)
        {
            lows = Vector.Min(lows, vector);
        }
        var least = numbers[0];
        for (var i = 0; i < Vector<long>.Count; i++)
        {
            least = Math.Min(least, lows[i]);
        }
        foreach (var number in numbers[(vectors.Length * Vector<long>.Count)..])
        {
            least = Math.Min(least, number);
        }
        return least;
    }

    /// <summary>Near the median: the median of medians of medians of 3, of 27 numbers (Tukey's ninther, once
    /// more).</summary>
    private static long RoughMedian(ReadOnlySpan<long> numbers)
    {
        Span<long> some = stackalloc long[27];
        for (var i = 0; i < some.Length; i++)
        {
            some[i] = numbers[i * numbers.Length / some.Length];
        }
        for (; some.Length > 1; some = some[..(some.Length / 3)])
        {
            for (var i = 0; i < some.Length / 3; i++)
            {
                var (a, b, c) = (some[3 * i], some[3 * i + 1], some[3 * i + 2]);
                some[i] = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            }
        }
        return some[0];
    }
}
