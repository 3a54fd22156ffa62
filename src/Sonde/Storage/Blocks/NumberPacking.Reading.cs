using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <content>Reading: any bytes may be given.</content>
internal static partial class NumberPacking
{
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
    private static void ReadGroup(ref ColumnReader reader, Span<long> group, long before)
    {
        var form = reader.Byte();
        var (shift, from) = (form & MaxShift, form & (FromMiddle | FromLeast));
        int exceptions = reader.Byte();
        int width = exceptions > 0 ? reader.Byte() : 0;
        var origin = from == 0 ? before : unchecked(before + reader.Signed());
        if (width > BitPacking.MaxWidth || exceptions > group.Length || from == (FromMiddle | FromLeast))
        {
            reader.Damage();
            group.Clear();
            return;
        }
        Span<ulong> room = stackalloc ulong[GroupLength];
        var distances = room[..group.Length];
        var packedExceptions = Take(ref reader, exceptions, width);
        BitPacking.Unpack(Take(ref reader, group.Length, shift), shift, distances);
        if ((form & HasUnary) != 0)
        {
            reader.Skip(BitPacking.UnpackUnary(reader.Rest, shift, distances));
        }
        if (!reader.IsDamaged && exceptions > 0 && !TryAdd(packedExceptions, exceptions, width, shift, distances))
        {
            reader.Damage();
        }
        if (reader.IsDamaged)
        {
            group.Clear();
            return;
        }
        Place(group, distances, from, origin);
    }

    /// <summary>The bytes that packed numbers begin.</summary>
    private static ReadOnlySpan<byte> Take(ref ColumnReader reader, int count, int width)
    {
        var bytes = reader.Rest;
        var length = BitPacking.ByteCount(count, width);
        reader.Skip(length);
        return reader.IsDamaged ? new byte[length] : bytes;
    }

    private static bool TryAdd(ReadOnlySpan<byte> bytes, int count, int width, int shift, Span<ulong> distances)
    {
        Span<ulong> exceptions = stackalloc ulong[count];   // at most a group
        BitPacking.Unpack(bytes, width, exceptions);
        foreach (var exception in exceptions)
        {
            var place = (int)(exception & (GroupLength - 1));
            if (place >= distances.Length)
            {
                return false;
            }
            distances[place] += exception >> PlaceBits << shift;
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Place(Span<long> group, ReadOnlySpan<ulong> distances, int from, long origin)
    {
        distances = distances[..group.Length];
        switch (from)
        {
            case FromMiddle:
                var vectors = MemoryMarshal.Cast<ulong, Vector<long>>(distances);
                var placed = MemoryMarshal.Cast<long, Vector<long>>(group);
                for (var i = 0; i < vectors.Length; i++)
                {
                    placed[i] = ((vectors[i] >>> 1) ^ -(vectors[i] & Vector<long>.One)) + new Vector<long>(origin);
                }
                for (var i = vectors.Length * Vector<long>.Count; i < group.Length; i++)
                {
                    group[i] = unchecked(origin + Varint.UnZigZag(distances[i]));
                }
                break;
            case FromLeast:
                for (var i = 0; i < group.Length; i++)
                {
                    group[i] = unchecked(origin + (long)distances[i]);
                }
                break;
            default:
                for (var i = 0; i < group.Length; i++)
                {
                    origin = unchecked(origin + Varint.UnZigZag(distances[i]));
                    group[i] = origin;
                }
                break;
        }
    }
}
