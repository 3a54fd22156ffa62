using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Sonde.Metrics;

/// <summary>A protobuf message being written: fields in the wire format, in memory of the shared pool.</summary>
internal sealed class ProtobufBuffer : IDisposable
{
    private const int MostVarint = 10;
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(256);
    private int _used;

    /// <summary>The wire format's kinds of fields.</summary>
    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
    }

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, _used);

    /// <summary>Begins a new message in the same memory.</summary>
    public void Clear() => _used = 0;

    /// <summary>A field of type <c>uint32</c>, <c>uint64</c> or an enumeration.</summary>
    public void Unsigned(int field, ulong value)
    {
        Tag(field, Wire.Varint);
        Varint(value);
    }

    /// <summary>A field of type <c>sint32</c> or <c>sint64</c>.</summary>
    public void Signed(int field, long value) => Unsigned(field, (ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>A field of type <c>double</c>.</summary>
    public void Double(int field, double value)
    {
        Tag(field, Wire.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(sizeof(double)), value);
        _used += sizeof(double);
    }

    /// <summary>A field of type <c>string</c> or <c>bytes</c>, or a message.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Wire.Bytes);
        Varint((ulong)value.Length);
        Raw(value);
    }

    /// <summary>Fields that are in the wire format already.</summary>
    public void Raw(ReadOnlySpan<byte> fields)
    {
        fields.CopyTo(Room(fields.Length));
        _used += fields.Length;
    }

    /// <summary>A bare number, as it stands before a delimited message.</summary>
    public void Varint(ulong value)
    {
        var room = Room(MostVarint);
        var at = 0;
        while (value >= 0x80)
        {
            room[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        room[at++] = (byte)value;
        _used += at;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _used = 0;
    }

    private void Tag(int field, Wire wire) => Varint((uint)((field << 3) | (int)wire));

    private Span<byte> Room(int needed)
    {
        if (_bytes.Length - _used < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)BitOperations.RoundUpToPowerOf2((uint)(_used + needed)));
            Content.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        return _bytes.AsSpan(_used);
    }
}
