using System.Buffers.Binary;
using System.Numerics;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>Writes numbers, columns of repeating ones as runs, and bits into one growing buffer.</summary>
internal sealed class ColumnWriter
{
    private byte[] _bytes = new byte[4_096];
    private int _length;

    /// <summary>How many bytes were written.</summary>
    public int Length => _length;

    /// <summary>What was written since <see cref="Clear"/>; the next call changes it.</summary>
    public ArraySegment<byte> Written => new(_bytes, 0, _length);

    /// <summary>Begins anew.</summary>
    public void Clear() => _length = 0;

    /// <summary>Writes a byte as it is.</summary>
    public void Byte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    /// <summary>Writes a number.</summary>
    public void Number(ulong value) => _length += Varint.Write(Room(Varint.MaxLength), value);

    /// <summary>Writes a number of either sign.</summary>
    public void Signed(long value) => Number(Varint.ZigZag(value));

    /// <summary>Writes a column as runs: how often, which.</summary>
    public void Runs<T>(ReadOnlySpan<T> column)
        where T : struct, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        while (!column.IsEmpty)
        {
            var length = column.IndexOfAnyExcept(column[0]);
            length = length < 0 ? column.Length : length;
            Number((ulong)length);
            Number(ulong.CreateTruncating(column[0]));
            column = column[length..];
        }
    }

    /// <summary>Room for so many bytes; <see cref="Advance"/> keeps those that were written.</summary>
    public Span<byte> Room(int bytes)
    {
        while (_bytes.Length - _length < bytes)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
        return _bytes.AsSpan(_length);
    }

    /// <summary>Keeps so many bytes of <see cref="Room"/>.</summary>
    public void Advance(int bytes) => _length += bytes;

    /// <summary>Writes the CRC-32C of all that was written.</summary>
    public void Checksum()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), Crc32C.Of(Written));
        _length += sizeof(uint);
    }
}
