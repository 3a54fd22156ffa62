using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sonde.Measurement.Statistics;

/// <summary>Makes windows of columns: bit for bit what <see cref="Window.Add"/> makes sample by sample, but many times
/// as fast. Keeps its memory for the next one; one caller at a time.</summary>
public sealed class WindowBuilder
{
    /// <summary>So few values that sums of them fit into 64 bits where noted.</summary>
    private const int MaxRun = 1 << 13;

    /// <summary>The square of a value below this, <see cref="MaxRun"/> times, fits into 63 bits.</summary>
    private const long Narrow = 1L << 25;

    private static readonly int LastBucket = LogLinearBuckets.IndexOf(Window.MaxValue);

    /// <summary>How many values each bucket has, from -<see cref="LastBucket"/> on; all 0 between two calls.</summary>
    private readonly int[] _counts = new int[2 * LastBucket + 1];

    /// <summary>The window of the samples.</summary>
    /// <exception cref="ArgumentException">A number is out of range, a sample does not come after the one before it,
    /// or the columns are not equally long.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Window Build(in WindowColumns columns)
    {
        ThrowUnlessEquallyLong(columns);
        if (columns.Count == 0)
        {
            return new Window();
        }
        var isSteady = IsSteady(columns);
        ThrowUnlessInOrder(columns, isSteady);
        var totals = new Totals { Minimum = long.MaxValue, Maximum = long.MinValue };
        Span<int> lost = stackalloc int[byte.MaxValue + 1];
        var reasons = MemoryMarshal.AsBytes(columns.Losses);
        for (var start = 0; start < reasons.Length;)
        {
            if (reasons[start] != 0)
            {
                lost[reasons[start++]]++;
                continue;
            }
            var answered = reasons[start..].IndexOfAnyExcept((byte)0);
            var end = Math.Min(answered < 0 ? reasons.Length : start + answered, start + MaxRun);
            AddValues(columns.Values[start..end], ref totals);
            AddSteps(columns, start, end, isSteady, ref totals);
            start = end;
        }
        return new Window(ToFields(columns, lost, totals), TakeSketch(totals));
    }

    private static void ThrowUnlessEquallyLong(in WindowColumns columns)
    {
        var count = columns.Count;
        if (columns.Indexes.Length != count || columns.Losses.Length != count || columns.Values.Length != count
            || columns.Duplicates.Length != count || columns.Suspect.Length != count)
        {
            throw new ArgumentException("the columns are not equally long", nameof(columns));
        }
    }

    /// <summary>True when each sample is the only one of its round, and no round is missing.</summary>
    private static bool IsSteady(in WindowColumns columns)
    {
        var rounds = columns.Rounds;
        if (unchecked(rounds[^1] - rounds[0]) != rounds.Length - 1 || columns.Indexes.ContainsAnyExcept((ushort)0))
        {
            return false;
        }
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(rounds[1..]);
        var before = MemoryMarshal.Cast<long, Vector<long>>(rounds[..^1]);
        for (var i = 0; i < vectors.Length; i++)
        {
            if (vectors[i] - before[i] != Vector<long>.One)
            {
                return false;
            }
        }
        for (var i = 1 + vectors.Length * Vector<long>.Count; i < rounds.Length; i++)
        {
            if (rounds[i] - rounds[i - 1] != 1)
            {
                return false;
            }
        }
        return true;
    }

    private static void ThrowUnlessInOrder(in WindowColumns columns, bool isSteady)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns.Rounds[0], nameof(columns));
        for (var i = 1; i < columns.Count && !isSteady; i++)
        {
            if (columns.Rounds[i] <= columns.Rounds[i - 1]
                && (columns.Rounds[i] < columns.Rounds[i - 1] || columns.Indexes[i] <= columns.Indexes[i - 1]))
            {
                throw new ArgumentException(
                    $"sample {columns.Rounds[i]}/{columns.Indexes[i]} does not come after "
                    + $"{columns.Rounds[i - 1]}/{columns.Indexes[i - 1]}", nameof(columns));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddValues(ReadOnlySpan<long> values, ref Totals totals)
    {
        var (minimum, maximum) = Range(values);
        if (minimum < -Window.MaxValue || maximum > Window.MaxValue)
        {
            _counts.AsSpan().Clear();
            throw new ArgumentOutOfRangeException(nameof(values), "a value is out of range");
        }
        totals.Minimum = Math.Min(totals.Minimum, minimum);
        totals.Maximum = Math.Max(totals.Maximum, maximum);
        var counts = _counts.AsSpan();
        var sum = 0L;   // 2^13 values of 2^48
        if (minimum > -Narrow && maximum < Narrow)
        {
            var squares = 0L;
            foreach (var value in values)
            {
                sum += value;
                squares += value * value;
                counts[LogLinearBuckets.IndexOf(value) + LastBucket]++;
            }
            totals.SumOfSquares += (ulong)squares;
        }
        else
        {
            foreach (var value in values)
            {
                sum += value;
                totals.SumOfSquares += (UInt128)Math.BigMul(value, value);
                counts[LogLinearBuckets.IndexOf(value) + LastBucket]++;
            }
        }
        totals.Sum += sum;
    }

    private static (long Minimum, long Maximum) Range(ReadOnlySpan<long> values)
    {
        var (lows, highs) = (new Vector<long>(values[0]), new Vector<long>(values[0]));
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(values);
        foreach (var vector in vectors)
        {
            lows = Vector.Min(lows, vector);
            highs = Vector.Max(highs, vector);
        }
        var (minimum, maximum) = (values[0], values[0]);
        for (var i = 0; i < Vector<long>.Count; i++)
        {
            minimum = Math.Min(minimum, lows[i]);
            maximum = Math.Max(maximum, highs[i]);
        }
        foreach (var value in values[(vectors.Length * Vector<long>.Count)..])
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        return (minimum, maximum);
    }

    /// <summary>Adds the jitter pairs whose later sample is one of these; all of these are answered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSteps(in WindowColumns columns, int start, int end, bool isSteady, ref Totals totals)
    {
        var from = start > 0 && columns.Losses[start - 1] == LossReason.None ? start : start + 1;
        if (from >= end)
        {
            return;
        }
        var (steps, pairs) = (0L, end - from);   // 2^13 steps of 2^49
        var values = columns.Values[from..end];
        var before = columns.Values[(from - 1)..(end - 1)];
        if (isSteady)
        {
            steps = SumOfDistances(values, before);
        }
        else
        {
            pairs = 0;
            var rounds = columns.Rounds[(from - 1)..end];
            var indexes = columns.Indexes[(from - 1)..end];
            for (var i = 0; i < values.Length; i++)
            {
                var isPair = rounds[i] == rounds[i + 1]
                    ? indexes[i + 1] == indexes[i] + 1
                    : rounds[i + 1] == rounds[i] + 1 && indexes[i + 1] == 0;
                if (isPair)
                {
                    steps += Distance(values[i], before[i]);
                    pairs++;
                }
            }
        }
        totals.Steps += (ulong)steps;
        totals.Pairs += pairs;
    }

    private static long SumOfDistances(ReadOnlySpan<long> values, ReadOnlySpan<long> before)
    {
        var sums = Vector<long>.Zero;
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(values);
        var vectorsBefore = MemoryMarshal.Cast<long, Vector<long>>(before);
        for (var i = 0; i < vectors.Length; i++)
        {
            sums += Vector.Abs(vectors[i] - vectorsBefore[i]);
        }
        var sum = Vector.Sum(sums);
        for (var i = vectors.Length * Vector<long>.Count; i < values.Length; i++)
        {
            sum += Distance(values[i], before[i]);
        }
        return sum;
    }

    private static long Distance(long a, long b)
    {
        var (difference, sign) = (a - b, (a - b) >> 63);
        return (difference ^ sign) - sign;   // without the branches of Math.Abs
    }

    private QuantileSketch TakeSketch(in Totals totals)
    {
        if (totals.Minimum > totals.Maximum)
        {
            return new QuantileSketch();
        }
        var (first, last) = (LogLinearBuckets.IndexOf(totals.Minimum), LogLinearBuckets.IndexOf(totals.Maximum));
        var counts = _counts.AsSpan(first + LastBucket, last - first + 1);
        var sketch = QuantileSketch.OfCounts(first, counts);
        counts.Clear();
        return sketch;
    }

    private static WindowFields ToFields(in WindowColumns columns, ReadOnlySpan<int> lost, in Totals totals) => new()
    {
        Sent = columns.Count,
        Duplicates = Sum(columns.Duplicates),
        Suspect = columns.Suspect.Count(true),
        Losses = ToLosses(lost),
        First = EdgeAt(columns, 0),
        Last = EdgeAt(columns, columns.Count - 1),
        Minimum = totals.Minimum,
        Maximum = totals.Maximum,
        Sum = totals.Sum,
        SumOfSquares = totals.SumOfSquares,
        JitterSum = totals.Steps,
        JitterPairs = totals.Pairs,
    };

    private static long Sum(ReadOnlySpan<ushort> duplicates)
    {
        var sum = 0L;
        for (var i = duplicates.IndexOfAnyExcept((ushort)0); i >= 0 && i < duplicates.Length; i++)
        {
            sum += duplicates[i];
        }
        return sum;
    }

    private static ImmutableArray<LossCount> ToLosses(ReadOnlySpan<int> lost)
    {
        if (!lost.ContainsAnyExcept(0))
        {
            return [];
        }
        var losses = ImmutableArray.CreateBuilder<LossCount>();
        for (var reason = 1; reason < lost.Length; reason++)
        {
            if (lost[reason] > 0)
            {
                losses.Add(new((LossReason)reason, lost[reason]));
            }
        }
        return losses.DrainToImmutable();
    }

    private static WindowEdge EdgeAt(in WindowColumns columns, int place) => new(
        columns.Rounds[place], columns.Indexes[place],
        columns.Losses[place] == LossReason.None ? columns.Values[place] : null);

    /// <summary>What adds up over the values.</summary>
    private struct Totals
    {
        public long Minimum;
        public long Maximum;
        public Int128 Sum;
        public UInt128 SumOfSquares;
        public UInt128 Steps;
        public long Pairs;
    }
}
