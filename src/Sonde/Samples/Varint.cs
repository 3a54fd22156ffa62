namespace Sonde.Samples;

/// <summary>
/// Integers in as few bytes as they need: seven bits a byte, lowest first, the high bit says that more follow.
/// </summary>
internal static class Varint
{
    /// <summary>The most bytes that a value takes.</summary>
    public const int MaxLength = 10;

    /// <summary>Writes a value; <paramref name="to"/> must have room for <see cref="MaxLength"/> bytes.</summary>
    /// <returns>The bytes written, 1 to <see cref="MaxLength"/>.</returns>
    public static int Write(Span<byte> to, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            to[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        to[length++] = (byte)value;
        return length;
    }

    /// <summary>
    /// Reads a value and moves <paramref name="position"/> behind it; false when the bytes end or do not make one.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if ((uint)position >= (uint)from.Length)
            {
                return false;
            }
            var next = from[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return shift < 63 || next <= 1;
            }
        }
        return false;
    }

    /// <summary>Maps small integers of either sign to small ones without: 0, -1, 1, -2 … become 0, 1, 2, 3 …</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>Undoes <see cref="ZigZag"/>.</summary>
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
