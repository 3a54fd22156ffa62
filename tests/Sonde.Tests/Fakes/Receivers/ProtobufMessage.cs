using System.Buffers.Binary;
using System.Text;

namespace Sonde.Tests;

/// <summary>A protocol buffers message as its fields; strict: what does not fit throws.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ulong Value, byte[]? Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = ReadVarint(ref bytes);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((number, ReadVarint(ref bytes), null));
                    break;
                case 1:
                    _fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(bytes), null));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)ReadVarint(ref bytes);
                    _fields.Add((number, 0, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(bytes), null));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new FormatException($"no such wire type: {tag & 7}");
            }
        }
    }

    /// <summary>The messages of a field, in order.</summary>
    public IEnumerable<ProtobufMessage> All(int number) =>
        _fields.Where(field => field.Number == number).Select(field => new ProtobufMessage(field.Bytes!));

    /// <summary>The texts of a field, in order.</summary>
    public IEnumerable<string> Texts(int number) =>
        _fields.Where(field => field.Number == number).Select(field => Encoding.UTF8.GetString(field.Bytes!));

    public string Text(int number) => Texts(number).FirstOrDefault() ?? "";

    public ulong Number(int number) => _fields.SingleOrDefault(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    /// <summary>The numbers of the fields, in the order of the bytes.</summary>
    public IEnumerable<int> Numbers => _fields.Select(one => one.Number);

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
