using System.Buffers.Binary;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>
/// Writes numbers, and columns of repeating ones as runs (how often, which), into one growing buffer.
/// </summary>
internal sealed class ColumnWriter
{
    private byte[] _bytes = new byte[4_096];
    private int _length;
    private ulong _repeated;
    private ulong _times;

    /// <summary>What was written since <see cref="Clear"/>; the next call changes it.</summary>
    public ArraySegment<byte> Written => new(_bytes, 0, _length);

    /// <summary>Begins anew.</summary>
    public void Clear() => (_length, _times) = (0, 0);

    /// <summary>Writes a byte as it is.</summary>
    public void Byte(byte value)
    {
        MakeRoom();
        _bytes[_length++] = value;
    }

    /// <summary>Writes a number.</summary>
    public void Number(ulong value)
    {
        MakeRoom();
        _length += Varint.Write(_bytes.AsSpan(_length), value);
    }

    /// <summary>Adds a number to a column of runs, which <see cref="EndRun"/> ends.</summary>
    public void Repeatable(ulong value)
    {
        if (value == _repeated && _times > 0)
        {
            _times++;
            return;
        }
        EndRun();
        (_repeated, _times) = (value, 1);
    }

    /// <summary>Ends a column of runs.</summary>
    public void EndRun()
    {
        if (_times > 0)
        {
            Number(_times);
            Number(_repeated);
            _times = 0;
        }
    }

    /// <summary>Writes the CRC-32C of all that was written.</summary>
    public void Checksum()
    {
        MakeRoom();
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), Crc32C.Of(_bytes.AsSpan(0, _length)));
        _length += sizeof(uint);
    }

    private void MakeRoom()
    {
        if (_bytes.Length - _length < Varint.MaxLength)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
    }
}
