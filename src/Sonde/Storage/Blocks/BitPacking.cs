using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sonde.Storage.Blocks;

/// <summary>Numbers of a fixed count of bits each, and small numbers in unary; lowest bits first.</summary>
internal static class BitPacking
{
    /// <summary>The most bits a number: as many as one reading of eight bytes has at any bit of the first.</summary>
    public const int MaxWidth = 56;

    /// <summary>How much more room than is used at last writing needs.</summary>
    public const int Slack = sizeof(ulong);

    /// <summary>How many bytes numbers of a width take.</summary>
    public static int ByteCount(int count, int width) => (count * width + 7) / 8;

    /// <summary>Writes the lowest bits of numbers.</summary>
    /// <param name="numbers">The numbers; higher bits are left out.</param>
    /// <param name="width">Bits a number, 0 to <see cref="MaxWidth"/>.</param>
    /// <param name="room">Room for <see cref="ByteCount"/> and <see cref="Slack"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<ulong> numbers, int width, Span<byte> room)
    {
        if (width == 0)
        {
            return;
        }
        var mask = (1UL << width) - 1;
        var (bits, used) = (0UL, 0);
        foreach (var number in numbers)
        {
            var low = number & mask;
            bits |= low << used;
            used += width;
            if (used >= 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(room, bits);
                room = room[sizeof(ulong)..];
                used -= 64;
                bits = low >> (width - used);
            }
        }
        BinaryPrimitives.WriteUInt64LittleEndian(room, bits);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <param name="bytes"><see cref="ByteCount"/> bytes or more.</param>
    /// <param name="width">Bits a number, 0 to <see cref="MaxWidth"/>.</param>
    /// <param name="numbers">Where the numbers go; at most <see cref="NumberPacking.GroupLength"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> bytes, int width, Span<ulong> numbers)
    {
        var length = ByteCount(numbers.Length, width);
        if (bytes.Length < length + Slack)
        {
            UnpackPadded(bytes[..length], width, numbers);
            return;
        }
        var mask = (1UL << width) - 1;
        ref var first = ref MemoryMarshal.GetReference(bytes);   // all is within the length checked above
        for (var (i, bit) = (0, 0); i < numbers.Length; i++, bit += width)
        {
            numbers[i] = (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, bit >> 3)) >> (bit & 7)) & mask;
        }
    }

    private static void UnpackPadded(ReadOnlySpan<byte> bytes, int width, Span<ulong> numbers)
    {
        Span<byte> padded = stackalloc byte[NumberPacking.GroupLength * MaxWidth / 8 + Slack];
        bytes.CopyTo(padded);
        Unpack(padded, width, numbers);
    }

    /// <summary>Writes of each number what is above its lowest bits in unary: as many zeros, then a one.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="shift">How many lowest bits are left out.</param>
    /// <param name="limit">What is as large as this or larger counts as 0.</param>
    /// <param name="room">Room for <paramref name="limit"/> bits a number and <see cref="Slack"/>.</param>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int PackUnary(ReadOnlySpan<ulong> numbers, int shift, ulong limit, Span<byte> room)
    {
        var (bits, used, length) = (0UL, 0, 0);
        foreach (var number in numbers)
        {
            var high = number >> shift;
            used += high >= limit ? 0 : (int)high;
            if (used >= 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(room[length..], bits);
                length += sizeof(ulong);
                (bits, used) = (0, used - 64);
            }
            bits |= 1UL << used;
            used++;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(room[length..], bits);
        return length + (used + 7) / 8;
    }

    /// <summary>Adds what <see cref="PackUnary"/> wrote to the lowest bits.</summary>
    /// <returns>The bytes read; more than there are when the bytes end too early.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int UnpackUnary(ReadOnlySpan<byte> bytes, int shift, Span<ulong> numbers)
    {
        var (i, first, before) = (0, 0, -1);   // the first bit of the eight bytes; the one that ended the number before
        while (i < numbers.Length)
        {
            if (first >= bytes.Length * 8)
            {
                return bytes.Length + 1;
            }
            var bits = ReadPadded(bytes[(first >> 3)..]);
            for (; bits != 0 && i < numbers.Length; bits &= bits - 1)
            {
                var end = first + BitOperations.TrailingZeroCount(bits);
                numbers[i++] += (ulong)(end - before - 1) << shift;
                before = end;
            }
            first += 64;
        }
        return before / 8 + 1;
    }

    private static ulong ReadPadded(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
        var bits = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            bits |= (ulong)bytes[i] << (8 * i);
        }
        return bits;
    }
}
