namespace Sonde.Measurement.Statistics;

/// <summary>Numbers of 0 or more in 1 to 19 bytes: seven bits a byte, the lowest first, the top bit set on all but
/// the last (LEB128).</summary>
internal static class VariableLength
{
    /// <summary>The most bytes that a 64-bit number takes.</summary>
    public const int MaxBytes = 10;

    /// <summary>The most bytes that a 128-bit number takes.</summary>
    public const int MaxWideBytes = 19;

    /// <summary>Writes numbers one after the other. The caller gives enough room.</summary>
    public ref struct Writer(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        /// <summary>How many bytes were written.</summary>
        public int Length { get; private set; }

        /// <summary>Writes a number of 0 or more.</summary>
        public void Write(long value)
        {
            var rest = (ulong)value;
            while (rest >= 0x80)
            {
                _room[Length++] = (byte)(rest | 0x80);
                rest >>= 7;
            }
            _room[Length++] = (byte)rest;
        }

        /// <summary>Writes a number of either sign: 0, -1, 1, -2 … as 0, 1, 2, 3 …</summary>
        public void WriteSigned(long value) => WriteWide((ulong)((value << 1) ^ (value >> 63)));

        /// <summary>Writes a sum of either sign.</summary>
        public void WriteWideSigned(Int128 value) => WriteWide((UInt128)((value << 1) ^ (value >> 127)));

        /// <summary>Writes a number of 0 or more that may need more than 63 bits.</summary>
        public void WriteWide(UInt128 value)
        {
            while (value >= 0x80)
            {
                _room[Length++] = (byte)((byte)value | 0x80);
                value >>= 7;
            }
            _room[Length++] = (byte)value;
        }
    }

    /// <summary>Reads what <see cref="Writer"/> wrote; anything else is a <see cref="FormatException"/>.</summary>
    public ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        /// <summary>How many bytes are left.</summary>
        public readonly int Left => _rest.Length;

        /// <summary>True when all bytes were read.</summary>
        public readonly bool IsAtEnd => _rest.IsEmpty;

        /// <summary>Reads a number from 0 to <paramref name="max"/>.</summary>
        public long Read(long max)
        {
            if (_rest.Length > 0 && _rest[0] < 0x80 && _rest[0] <= max)   // most numbers are small
            {
                var value = _rest[0];
                _rest = _rest[1..];
                return value;
            }
            return (long)ReadWide((UInt128)max);
        }

        /// <summary>Reads a number from -<paramref name="max"/> to <paramref name="max"/>; that is below
        /// 2^62.</summary>
        public long ReadSigned(long max)
        {
            var value = Read(2 * max);
            return (value >> 1) ^ -(value & 1);
        }

        /// <summary>Reads what <see cref="Writer.WriteWideSigned"/> wrote.</summary>
        public Int128 ReadWideSigned()
        {
            var value = ReadWide(UInt128.MaxValue);
            return (Int128)(value >> 1) ^ -(Int128)(value & 1);
        }

        /// <summary>Reads a number from 0 to <paramref name="max"/> of up to 128 bits.</summary>
        public UInt128 ReadWide(UInt128 max)
        {
            UInt128 value = 0;
            for (var i = 0; i < _rest.Length && i < MaxWideBytes; i++)
            {
                var part = (UInt128)(_rest[i] & 0x7F);
                if (i == MaxWideBytes - 1 && part > 3)   // 18 · 7 = 126 bits came before
                {
                    break;
                }
                value |= part << (7 * i);
                if (_rest[i] < 0x80)
                {
                    _rest = _rest[(i + 1)..];
                    return value <= max ? value : throw new FormatException("a number is out of range");
                }
            }
            throw new FormatException("a number is cut off or too long");
        }
    }
}
