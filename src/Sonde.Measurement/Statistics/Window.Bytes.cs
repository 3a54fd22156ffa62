using System.Collections.Immutable;

namespace Sonde.Measurement.Statistics;

/// <content>The packed form: about 70 bytes for a minute at one sample a second, where the object takes 600.</content>
public sealed partial class Window
{
    /// <summary>The first byte; a changed form takes the next number. Form 1 had no negative values.</summary>
    private const byte Form = 2;

    private const byte FirstForm = 1;
    private const int MaxStackBytes = 2_048;

    /// <summary>The window packed into bytes; <see cref="FromBytes"/> gives it back.</summary>
    public byte[] ToBytes()
    {
        const int Fixed = 1 + 12 * VariableLength.MaxBytes + 3 * VariableLength.MaxWideBytes;
        var most = Fixed + 2 * VariableLength.MaxBytes * _losses.Length + _sketch.MaxByteCount;
        var room = most <= MaxStackBytes ? stackalloc byte[most] : new byte[most];
        room[0] = Form;
        var writer = new VariableLength.Writer(room[1..]);
        writer.Write(Sent);
        if (Sent > 0)
        {
            Write(ref writer);
        }
        return room[..(1 + writer.Length)].ToArray();
    }

    /// <summary>The window that <see cref="ToBytes"/> packed, of this version or an earlier one.</summary>
    /// <exception cref="FormatException">The bytes are not a window.</exception>
    public static Window FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] is not (Form or FirstForm))
        {
            throw new FormatException("not a window: its form is unknown");
        }
        var reader = new VariableLength.Reader(bytes[1..]);
        var sent = reader.Read(QuantileSketch.MaxCount);
        var window = sent == 0 ? new Window() : Read(ref reader, sent, isSigned: bytes[0] == Form);
        return reader.IsAtEnd ? window : throw new FormatException("not a window: there are too many bytes");
    }

    private void Write(ref VariableLength.Writer writer)
    {
        writer.Write(Duplicates);
        writer.Write(Suspect);
        writer.Write(_first.Round);
        writer.Write(_first.Index);
        WriteValue(ref writer, _first.Value);
        writer.Write(_last.Round - _first.Round);
        writer.Write(_last.Index);
        WriteValue(ref writer, _last.Value);
        writer.Write(_losses.Length);
        foreach (var loss in _losses)
        {
            writer.Write((byte)loss.Reason);
            writer.Write(loss.Count);
        }
        _sketch.Write(ref writer);
        if (Received > 0)
        {
            writer.WriteSigned(_minimum);
            writer.Write(_maximum - _minimum);
            writer.WriteWideSigned(_sum);
            writer.WriteWide(_sumOfSquares);
            writer.Write(JitterPairs);
            writer.WriteWide(_sumOfSteps);
        }
    }

    /// <summary>0 is lost; 1, 2, 3 … are 0, -1, 1 …</summary>
    private static void WriteValue(ref VariableLength.Writer writer, long? value) =>
        writer.Write(value is { } number ? ((number << 1) ^ (number >> 63)) + 1 : 0);

    private static Window Read(ref VariableLength.Reader reader, long sent, bool isSigned)
    {
        var duplicates = reader.Read(long.MaxValue);
        var suspect = reader.Read(sent);
        var first = new WindowEdge(
            reader.Read(long.MaxValue), (int)reader.Read(ushort.MaxValue), ReadValue(ref reader, isSigned));
        var last = new WindowEdge(
            first.Round + reader.Read(long.MaxValue - first.Round), (int)reader.Read(ushort.MaxValue),
            ReadValue(ref reader, isSigned));
        var losses = ImmutableArray.CreateBuilder<LossCount>();
        for (var left = reader.Read(byte.MaxValue); left > 0; left--)
        {
            losses.Add(new((LossReason)reader.Read(byte.MaxValue), reader.Read(sent)));
        }
        var sketch = new QuantileSketch();
        if (isSigned)
        {
            sketch.Read(ref reader);
        }
        else
        {
            sketch.ReadFirstForm(ref reader);
        }
        var hasValues = sketch.Count > 0;
        var minimum = !hasValues ? 0 : isSigned ? reader.ReadSigned(MaxValue) : reader.Read(MaxValue);
        return FromParts(new()
        {
            Sent = sent,
            Duplicates = duplicates,
            Suspect = suspect,
            First = first,
            Last = last,
            Losses = losses.DrainToImmutable(),
            Minimum = minimum,
            Maximum = hasValues ? minimum + reader.Read(MaxValue - minimum) : 0,
            Sum = !hasValues ? 0 : isSigned ? reader.ReadWideSigned() : (Int128)reader.ReadWide(UInt128.MaxValue),
            SumOfSquares = hasValues ? reader.ReadWide(UInt128.MaxValue) : 0,
            JitterPairs = hasValues ? reader.Read(sketch.Count) : 0,
            JitterSum = hasValues ? reader.ReadWide(UInt128.MaxValue) : 0,
        }, sketch);
    }

    private static long? ReadValue(ref VariableLength.Reader reader, bool isSigned)
    {
        var number = reader.Read(isSigned ? (2 * MaxValue) + 1 : MaxValue + 1) - 1;
        return number < 0 ? null : isSigned ? (number >> 1) ^ -(number & 1) : number;
    }
}
