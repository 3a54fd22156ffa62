using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sonde.Measurement.Statistics;

/// <content>The stored form: fields for columns, and the sketch as bytes.</content>
public sealed partial class Window
{
    internal Window(in WindowFields fields, QuantileSketch sketch)
    {
        _sketch = sketch;
        Sent = fields.Sent;
        Duplicates = fields.Duplicates;
        Suspect = fields.Suspect;
        _losses = fields.Losses.IsDefaultOrEmpty ? [] : [.. fields.Losses];
        (_first, _last) = (fields.First, fields.Last);
        if (sketch.Count > 0)
        {
            (_minimum, _maximum) = (fields.Minimum, fields.Maximum);
            (_sum, _sumOfSquares) = (fields.Sum, fields.SumOfSquares);
            (_sumOfSteps, JitterPairs) = (fields.JitterSum, fields.JitterPairs);
        }
    }

    /// <summary>All numbers but the sketch.</summary>
    public WindowFields Fields => new()
    {
        Sent = Sent,
        Duplicates = Duplicates,
        Suspect = Suspect,
        Losses = Losses,
        First = _first,
        Last = _last,
        Minimum = Received == 0 ? 0 : _minimum,
        Maximum = Received == 0 ? 0 : _maximum,
        Sum = _sum,
        SumOfSquares = _sumOfSquares,
        JitterSum = _sumOfSteps,
        JitterPairs = JitterPairs,
    };

    /// <summary>The sketch in two or three bytes a bucket.</summary>
    public byte[] SketchToBytes()
    {
        var room = _sketch.MaxByteCount <= MaxStackBytes
            ? stackalloc byte[_sketch.MaxByteCount]
            : new byte[_sketch.MaxByteCount];
        var writer = new VariableLength.Writer(room);
        _sketch.Write(ref writer);
        return room[..writer.Length].ToArray();
    }

    /// <summary>The window that <see cref="Fields"/> and <see cref="SketchToBytes"/> came from.</summary>
    /// <exception cref="FormatException">The bytes are not a sketch, or the numbers contradict each other.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Window FromFields(in WindowFields fields, ReadOnlySpan<byte> sketchBytes)
    {
        var sketch = new QuantileSketch();
        var reader = new VariableLength.Reader(sketchBytes);
        sketch.Read(ref reader);
        if (!reader.IsAtEnd)
        {
            throw new FormatException("not a sketch: there are too many bytes");
        }
        return FromParts(fields, sketch);
    }

    /// <summary>The window of fields and a sketch, which must agree.</summary>
    private static Window FromParts(in WindowFields fields, QuantileSketch sketch)
    {
        var received = sketch.Count;
        var isWhole = fields.Sent is >= 0 and <= QuantileSketch.MaxCount && received <= fields.Sent
            && fields.Duplicates >= 0 && fields.Suspect >= 0 && fields.Suspect <= fields.Sent
            && CountLost(fields) == fields.Sent - received
            && AreEdges(fields.First, fields.Last, fields.Sent)
            && (received == 0 || AreValues(fields, sketch));
        return isWhole
            ? new Window(fields, sketch)
            : throw new FormatException("not a window: its numbers contradict each other");
    }

    /// <summary>How many were lost; -1 when the reasons are not as a window has them.</summary>
    private static long CountLost(in WindowFields fields)
    {
        var (lost, before) = (0L, LossReason.None);
        foreach (var (reason, count) in ImmutableCollectionsMarshal.AsArray(fields.Losses) ?? [])
        {
            if (reason <= before || count < 1 || count > fields.Sent - lost)
            {
                return -1;
            }
            lost += count;
            before = reason;
        }
        return lost;
    }

    private static bool AreEdges(in WindowEdge first, in WindowEdge last, long sent) => sent switch
    {
        0 => first == default && last == default,
        1 => IsEdge(first) && first == last,
        _ => IsEdge(first) && IsEdge(last) && last.IsAfter(first),
    };

    private static bool IsEdge(in WindowEdge edge) =>
        edge is { Round: >= 0, Index: >= 0 and <= ushort.MaxValue }
        && edge.Value is null or (>= -MaxValue and <= MaxValue);

    private static bool AreValues(in WindowFields fields, QuantileSketch sketch) =>
        fields.Minimum >= Math.Max(sketch.LowestPossible, -MaxValue)
        && fields.Minimum <= fields.Maximum
        && fields.Maximum <= Math.Min(sketch.HighestPossible, MaxValue)
        && fields.Sum >= (Int128)fields.Minimum * sketch.Count
        && fields.Sum <= (Int128)fields.Maximum * sketch.Count
        && fields.JitterPairs >= 0 && fields.JitterPairs < sketch.Count;
}
