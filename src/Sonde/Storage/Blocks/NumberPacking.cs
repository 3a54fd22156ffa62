using System.Numerics;
using System.Runtime.CompilerServices;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>Packs a column of numbers that lie near each other, in groups of <see cref="GroupLength"/>.</summary>
/// <remarks>
/// First the first number. Then for each group whatever is shorter: each number's distance to the one before, or to one
/// in their middle, as 0, -1, 1, -2 … ↦ 0, 1, 2, 3 … Of these <c>shift</c> lowest bits are packed as they are, and what
/// is above in unary (Rice, 1971), or not at all; distances too large for that are exceptions, of which what is above
/// is packed with the place in the group. A group: the byte shift + 64 if there is unary + 128 if around the middle;
/// how many exceptions (a byte); if any, their bits (a byte); the middle minus the number before the group, as varint;
/// exceptions (7 bits place, above that the rest); lowest bits; unary. Each part begins with a byte of its own.
/// </remarks>
internal static class NumberPacking
{
    /// <summary>The most numbers in a group.</summary>
    public const int GroupLength = 1 << PlaceBits;

    private const int PlaceBits = 7;
    private const int HasUnary = 64;
    private const int IsAroundMiddle = 128;

    /// <summary>What is above the lowest bits stands in unary up to 2^4 - 1.</summary>
    private const int UnaryBits = 4;

    private const int MostBits = 64;

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

    /// <summary>Reads what <see cref="Write"/> wrote; zeros after damage.</summary>
    public static void Read(ref ColumnReader reader, Span<long> numbers)
    {
        if (numbers.IsEmpty)
        {
            return;
        }
        for (var before = reader.Signed(); !numbers.IsEmpty;)
        {
            var group = numbers[..Math.Min(GroupLength, numbers.Length)];
            ReadGroup(ref reader, group, before);
            before = group[^1];
            numbers = numbers[group.Length..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteGroup(ColumnWriter writer, ReadOnlySpan<long> group, long before)
    {
        Span<ulong> steps = stackalloc ulong[GroupLength];
        Span<ulong> offsets = stackalloc ulong[GroupLength];
        Span<int> stepLengths = stackalloc int[MostBits + 1];     // how many have so many bits
        Span<int> offsetLengths = stackalloc int[MostBits + 1];
        var middle = RoughMedian(group);
        var last = before;
        for (var i = 0; i < group.Length; i++)
        {
            var number = group[i];
            steps[i] = Varint.ZigZag(unchecked(number - last));
            offsets[i] = Varint.ZigZag(unchecked(number - middle));
            stepLengths[MostBits - BitOperations.LeadingZeroCount(steps[i])]++;
            offsetLengths[MostBits - BitOperations.LeadingZeroCount(offsets[i])]++;
            last = number;
        }
        var byStep = GroupForm.Choose(group.Length, stepLengths);
        var byOffset = GroupForm.Choose(group.Length, offsetLengths);
        var distance = unchecked(middle - before);
        if (byStep.Cost <= byOffset.Cost + 8 * VarintLength(distance))
        {
            writer.Byte((byte)(byStep.Shift | (byStep.HasUnary ? HasUnary : 0)));
            WriteDistances(writer, steps[..group.Length], byStep, null);
        }
        else
        {
            writer.Byte((byte)(byOffset.Shift | (byOffset.HasUnary ? HasUnary : 0) | IsAroundMiddle));
            WriteDistances(writer, offsets[..group.Length], byOffset, distance);
        }
    }

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
        var width = PlaceBits + MostBits - BitOperations.LeadingZeroCount(all);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadGroup(ref ColumnReader reader, Span<long> group, long before)
    {
        var form = reader.Byte();
        var (shift, isAroundMiddle) = (form & (HasUnary - 1), (form & IsAroundMiddle) != 0);
        int exceptionCount = reader.Byte();
        int width = exceptionCount > 0 ? reader.Byte() : 0;
        var middle = isAroundMiddle ? unchecked(before + reader.Signed()) : 0;
        if (shift > BitPacking.MaxWidth || width > BitPacking.MaxWidth || exceptionCount > group.Length)
        {
            reader.Damage();
            group.Clear();
            return;
        }
        Span<ulong> exceptions = stackalloc ulong[GroupLength];
        Span<ulong> distances = stackalloc ulong[GroupLength];
        exceptions = exceptions[..exceptionCount];
        distances = distances[..group.Length];
        Unpack(ref reader, width, exceptions);
        Unpack(ref reader, shift, distances);
        if ((form & HasUnary) != 0)
        {
            reader.Skip(BitPacking.UnpackUnary(reader.Rest, shift, distances));
        }
        foreach (var exception in exceptions)
        {
            var place = (int)(exception & (GroupLength - 1));
            if (place >= group.Length)
            {
                reader.Damage();
                break;
            }
            distances[place] += exception >> PlaceBits << shift;
        }
        if (reader.IsDamaged)
        {
            group.Clear();
            return;
        }
        for (var i = 0; i < group.Length; i++)
        {
            group[i] = unchecked((isAroundMiddle ? middle : before) + Varint.UnZigZag(distances[i]));
            before = group[i];
        }
    }

    private static void Unpack(ref ColumnReader reader, int width, scoped Span<ulong> numbers)
    {
        var length = BitPacking.ByteCount(numbers.Length, width);
        if (length > reader.Rest.Length)
        {
            reader.Damage();
            return;
        }
        BitPacking.Unpack(reader.Rest, width, numbers);
        reader.Skip(length);
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

    private static int VarintLength(long distance) =>
        (MostBits + 6 - BitOperations.LeadingZeroCount(Varint.ZigZag(distance) | 1)) / 7;
}
