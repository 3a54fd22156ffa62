namespace Sonde.Measurement.Statistics;

/// <content>The packed form: about 70 bytes for a minute at one sample a second, where the object takes 600.</content>
public sealed partial class Window
{
    /// <summary>The first byte; a changed form takes the next number.</summary>
    private const byte Form = 1;

    /// <summary>The window packed into bytes; <see cref="FromBytes"/> gives it back.</summary>
    public byte[] ToBytes()
    {
        const int Fixed = 1 + 12 * VariableLength.MaxBytes + 3 * VariableLength.MaxWideBytes;
        var most = Fixed + 2 * VariableLength.MaxBytes * _losses.Length + _sketch.MaxByteCount;
        var room = most <= 2_048 ? stackalloc byte[most] : new byte[most];
        room[0] = Form;
        var writer = new VariableLength.Writer(room[1..]);
        writer.Write(Sent);
        if (Sent > 0)
        {
            Write(ref writer);
        }
        return room[..(1 + writer.Length)].ToArray();
    }

    /// <summary>The window that <see cref="ToBytes"/> packed.</summary>
    /// <exception cref="FormatException">The bytes are not a window.</exception>
    public static Window FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Form)
        {
            throw new FormatException("not a window: its form is unknown");
        }
        var reader = new VariableLength.Reader(bytes[1..]);
        var window = new Window { Sent = reader.Read(QuantileSketch.MaxCount) };
        if (window.Sent > 0)
        {
            window.Read(ref reader);
        }
        return reader.IsAtEnd ? window : throw new FormatException("not a window: there are too many bytes");
    }

    private void Write(ref VariableLength.Writer writer)
    {
        writer.Write(Duplicates);
        writer.Write(Suspect);
        writer.Write(_first.Round);
        writer.Write(_first.Index);
        writer.Write(_first.Value - Edge.LostValue);
        writer.Write(_last.Round - _first.Round);
        writer.Write(_last.Index);
        writer.Write(_last.Value - Edge.LostValue);
        writer.Write(_losses.Length);
        foreach (var loss in _losses)
        {
            writer.Write((byte)loss.Reason);
            writer.Write(loss.Count);
        }
        _sketch.Write(ref writer);
        if (Received > 0)
        {
            writer.Write(_minimum);
            writer.Write(_maximum - _minimum);
            writer.WriteWide(_sum);
            writer.WriteWide(_sumOfSquares);
            writer.Write(JitterPairs);
            writer.WriteWide(_sumOfSteps);
        }
    }

    private void Read(ref VariableLength.Reader reader)
    {
        Duplicates = reader.Read(long.MaxValue);
        Suspect = reader.Read(Sent);
        _first = new(
            reader.Read(long.MaxValue), (int)reader.Read(ushort.MaxValue), reader.Read(MaxValue + 1) + Edge.LostValue);
        _last = new(
            _first.Round + reader.Read(long.MaxValue - _first.Round), (int)reader.Read(ushort.MaxValue),
            reader.Read(MaxValue + 1) + Edge.LostValue);
        var losses = reader.Read(byte.MaxValue);
        var lost = 0L;
        for (var i = 0; i < losses; i++)
        {
            var loss = new LossCount((LossReason)reader.Read(byte.MaxValue), reader.Read(Sent - lost));
            if (loss.Reason == LossReason.None || loss.Count == 0)
            {
                throw new FormatException("not a window: a reason of loss is out of range");
            }
            CountLoss(loss.Reason, loss.Count);
            lost += loss.Count;
        }
        _sketch.AddFrom(ref reader);
        if (Received > 0)
        {
            _minimum = reader.Read(MaxValue);
            _maximum = _minimum + reader.Read(MaxValue - _minimum);
            _sum = reader.ReadWide(UInt128.MaxValue);
            _sumOfSquares = reader.ReadWide(UInt128.MaxValue);
            JitterPairs = reader.Read(Received);
            _sumOfSteps = reader.ReadWide(UInt128.MaxValue);
        }
        if (Lost != lost || (Sent == 1 ? _last != _first : !_last.IsAfter(_first)))
        {
            throw new FormatException("not a window: its numbers contradict each other");
        }
    }
}
