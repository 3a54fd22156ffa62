using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sonde.RemoteWrite;

/// <summary>
/// Writes the messages of Prometheus' <c>remote.proto</c> (remote-write 1.0) in the protocol buffers' wire format:
/// <c>WriteRequest{1: TimeSeries{1: Label{1: name, 2: value}, 2: Sample{1: double value, 2: int64 timestamp}}}</c>.
/// </summary>
internal static class ProtobufWriter
{
    private const byte LengthDelimited1 = (1 << 3) | 2;
    private const byte LengthDelimited2 = (2 << 3) | 2;
    private const byte Fixed64Of1 = (1 << 3) | 1;
    private const byte VarintOf2 = 2 << 3;
    private const int MostVarintBytes = 10;

    /// <summary>A label as it stands in a series, its tag and length included.</summary>
    public static byte[] Label(string name, string value)
    {
        var (nameBytes, valueBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        var label = new ArrayBufferWriter<byte>();
        WriteBytes(label, LengthDelimited1, nameBytes);
        WriteBytes(label, LengthDelimited2, valueBytes);
        var field = new ArrayBufferWriter<byte>();
        WriteBytes(field, LengthDelimited1, label.WrittenSpan);
        return field.WrittenSpan.ToArray();
    }

    /// <summary>Adds a series with one sample to a request.</summary>
    /// <param name="request">The request so far.</param>
    /// <param name="name">The labels, sorted, in four parts that <see cref="Label"/> made: the metric's name,</param>
    /// <param name="before">those that come before the metric's own label,</param>
    /// <param name="own">that one, or nothing,</param>
    /// <param name="after">and those that come after it.</param>
    /// <param name="value">The value.</param>
    /// <param name="milliseconds">When it held, since 1970 UTC.</param>
    public static void AddSeries(
        IBufferWriter<byte> request, ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> own,
        ReadOnlySpan<byte> after, double value, long milliseconds)
    {
        Span<byte> sample = stackalloc byte[1 + sizeof(double) + 1 + MostVarintBytes];
        sample[0] = Fixed64Of1;
        BinaryPrimitives.WriteDoubleLittleEndian(sample[1..], value);
        sample[1 + sizeof(double)] = VarintOf2;
        sample = sample[..(2 + sizeof(double) + WriteVarint(sample[(2 + sizeof(double))..], (ulong)milliseconds))];
        var length = name.Length + before.Length + own.Length + after.Length + 2 + sample.Length;
        WriteTag(request, LengthDelimited1, length);
        request.Write(name);
        request.Write(before);
        request.Write(own);
        request.Write(after);
        WriteBytes(request, LengthDelimited2, sample);
    }

    private static void WriteBytes(IBufferWriter<byte> to, byte tag, ReadOnlySpan<byte> bytes)
    {
        WriteTag(to, tag, bytes.Length);
        to.Write(bytes);
    }

    private static void WriteTag(IBufferWriter<byte> to, byte tag, int length)
    {
        var place = to.GetSpan(1 + MostVarintBytes);
        place[0] = tag;
        to.Advance(1 + WriteVarint(place[1..], (ulong)length));
    }

    private static int WriteVarint(Span<byte> to, ulong value)
    {
        var length = 0;
        for (; value > 0x7F; value >>= 7)
        {
            to[length++] = (byte)(value | 0x80);
        }
        to[length++] = (byte)value;
        return length;
    }
}
