using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>Packs a column of numbers that lie near each other, in groups of <see cref="GroupLength"/>.</summary>
/// <remarks>
/// First the first number. Then for each group whatever seems shortest: each number's distance to the one before, to
/// one in their middle (both as 0, -1, 1, -2 … ↦ 0, 1, 2, 3 …), or to the least. Of these <c>shift</c> lowest bits
/// are packed as they are, and what is above in unary (Rice, 1971), or not at all; distances too large for that are
/// exceptions, of which what is above is packed with the place in the group. A group: the byte shift + 32 if there is
/// unary + 64 for the middle or 128 for the least; how many exceptions (a byte); if any, their bits (a byte); the
/// middle or the least minus the number before the group, as varint; exceptions (7 bits place, above that the rest);
/// lowest bits; unary. Each part begins with a byte of its own.
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

    /// <summary>About what the middle or the least costs.</summary>
    private const int OriginBits = 12;

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
        var (least, middle) = (Extent.Of(group).Least, Middle(group));
        var from = Choose(group, middle, least);
        Span<ulong> room = stackalloc ulong[GroupLength];
        var distances = room[..group.Length];
        Measure(group, from, from switch { FromMiddle => middle, FromLeast => least, _ => before }, distances);
        var form = GroupForm.Choose(distances);
        writer.Byte((byte)(form.Shift | (form.HasUnary ? HasUnary : 0) | from));
        WriteDistances(writer, distances, form, from switch
        {
            FromMiddle => unchecked(middle - before),
            FromLeast => unchecked(least - before),
            _ => null,
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Measure(ReadOnlySpan<long> group, int from, long origin, Span<ulong> distances)
    {
        distances = distances[..group.Length];
        switch (from)
        {
            case FromMiddle:
                for (var i = 0; i < group.Length; i++)
                {
                    distances[i] = Varint.ZigZag(unchecked(group[i] - origin));
                }
                break;
            case FromLeast:
                for (var i = 0; i < group.Length; i++)
                {
                    distances[i] = (ulong)unchecked(group[i] - origin);
                }
                break;
            default:
                for (var i = 0; i < group.Length; i++)
                {
                    distances[i] = Varint.ZigZag(unchecked(group[i] - origin));
                    origin = group[i];
                }
                break;
        }
    }

    /// <summary>From where the distances are shortest, by the sum of their lengths in bits.</summary>
    /// <returns><see cref="FromMiddle"/>, <see cref="FromLeast"/>, or 0 for the number before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Choose(ReadOnlySpan<long> group, long middle, long least)
    {
        var numbers = MemoryMarshal.Cast<long, Vector<long>>(group[1..]);
        var before = MemoryMarshal.Cast<long, Vector<long>>(group[..^1]);
        var (middles, leasts) = (new Vector<long>(middle), new Vector<long>(least));
        var (bySteps, byMiddle, byLeast) = (Vector<long>.Zero, Vector<long>.Zero, Vector<long>.Zero);
        for (var i = 0; i < numbers.Length; i++)   // the few that make no whole vector do not count
        {
            bySteps += BitLengths(ZigZag(numbers[i] - before[i]));
            byMiddle += BitLengths(ZigZag(numbers[i] - middles));
            byLeast += BitLengths(numbers[i] - leasts);
        }
        var (steps, leastBits, middleBits) = (
            Vector.Sum(bySteps), Vector.Sum(byLeast) + OriginBits, Vector.Sum(byMiddle) + OriginBits);
        return steps <= Math.Min(leastBits, middleBits) ? 0 : leastBits <= middleBits ? FromLeast : FromMiddle;
    }

    private static Vector<long> ZigZag(Vector<long> numbers) => (numbers << 1) ^ (numbers >> 63);

    /// <summary>The lengths in bits of numbers of 0 or more: the exponents of 2x + 1, plus what doubles add to
    /// them.</summary>
    private static Vector<long> BitLengths(Vector<long> numbers) =>
        Vector.AsVectorInt64(Vector.ConvertToDouble((numbers << 1) | Vector<long>.One)) >> 52;

    private static int BitLength(ulong number) => MostBits - BitOperations.LeadingZeroCount(number);

    private static void WriteDistances(
        ColumnWriter writer, ReadOnlySpan<ulong> distances, GroupForm form, long? origin)
    {
        var limit = form.HasUnary ? 1UL << UnaryBits : 1UL;
        Span<ulong> exceptions = stackalloc ulong[form.Exceptions + 1];   // one more, for the last that is none
        var width = form.Exceptions > 0
            ? PlaceBits + BitLength(FindExceptions(distances, form.Shift, limit, exceptions))
            : 0;
        writer.Byte((byte)form.Exceptions);
        if (form.Exceptions > 0)
        {
            writer.Byte((byte)width);
        }
        if (origin is { } distance)
        {
            writer.Signed(distance);
        }
        Pack(writer, exceptions[..form.Exceptions], width);
        Pack(writer, distances, form.Shift);
        if (form.HasUnary)
        {
            var room = writer.Room((distances.Length << UnaryBits) / 8 + 2 * BitPacking.Slack);
            writer.Advance(BitPacking.PackUnary(distances, form.Shift, limit, room));
        }
    }

    /// <summary>Finds what is above the lowest bits of the distances where that reaches the limit, with the
    /// places.</summary>
    /// <returns>As many bits as the largest of them has.</returns>
    private static ulong FindExceptions(ReadOnlySpan<ulong> distances, int shift, ulong limit, Span<ulong> exceptions)
    {
        var (count, all) = (0, 0UL);
        for (var i = 0; i < distances.Length; i++)
        {
            var high = distances[i] >> shift;
            exceptions[count] = (high << PlaceBits) | (uint)i;   // overwritten when it is none
            if (high >= limit)
            {
                all |= high;
                count++;
            }
        }
        return all;
    }

    private static void Pack(ColumnWriter writer, ReadOnlySpan<ulong> numbers, int width)
    {
        var length = BitPacking.ByteCount(numbers.Length, width);
        BitPacking.Pack(numbers, width, writer.Room(length + BitPacking.Slack));
        writer.Advance(length);
    }

    private static long Middle(ReadOnlySpan<long> numbers)
    {
        Span<long> some = stackalloc long[27];
        for (var i = 0; i < some.Length; i++)
        {
            some[i] = numbers[i * numbers.Length / some.Length];
        }
        return RoughMedian.Of(some);
    }
}
