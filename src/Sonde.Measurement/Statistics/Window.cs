using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Sonde.Measurement.Statistics;

/// <summary>The summary of a series over an interval; windows of neighbouring intervals merge without loss.</summary>
/// <remarks>
/// All sums are whole numbers, so that merging the windows of any split of a series gives bit for bit what adding all
/// samples to one
/// window gives. It keeps its first and last sample, because the jitter pair across a border belongs to neither side.
/// Not for several threads at once, but for any number of readers once nobody adds any more.
/// </remarks>
public sealed partial class Window
{
    /// <summary>The largest value, 2^48 − 1: nine years in microseconds. The smallest is -<see cref="MaxValue"/>: some
    /// quantities can be negative.</summary>
    public const long MaxValue = (1L << 48) - 1;

    private readonly QuantileSketch _sketch;
    private LossCount[] _losses = [];
    private Int128 _sum;
    private UInt128 _sumOfSquares;
    private UInt128 _sumOfSteps;
    private long _minimum = long.MaxValue;
    private long _maximum = long.MinValue;
    private WindowEdge _first;
    private WindowEdge _last;

    /// <summary>A window of no samples.</summary>
    public Window() => _sketch = new();

    /// <summary>Probes that were sent and measured.</summary>
    public long Sent { get; private set; }

    /// <summary>Of these, how many had no valid answer.</summary>
    public long Lost => Sent - Received;

    /// <summary>Of these, how many were answered.</summary>
    public long Received => _sketch.Count;

    /// <summary>Further copies of answers (RFC 5560).</summary>
    public long Duplicates { get; private set; }

    /// <summary>Samples taken while this process was late. They count in all other numbers, too.</summary>
    public long Suspect { get; private set; }

    /// <summary>Pairs of successive answered samples that the jitter rests on.</summary>
    public long JitterPairs { get; private set; }

    /// <summary>Lost ÷ sent, 0 to 1; null when nothing was sent.</summary>
    public double? LossRatio => Sent == 0 ? null : (double)Lost / Sent;

    /// <summary>The smallest RTT; null when nothing was received.</summary>
    public long? MinimumMicroseconds => Received == 0 ? null : _minimum;

    /// <summary>The mean RTT; null when nothing was received.</summary>
    public double? MeanMicroseconds => Received == 0 ? null : (double)_sum / Received;

    /// <summary>The largest RTT; null when nothing was received.</summary>
    public long? MaximumMicroseconds => Received == 0 ? null : _maximum;

    /// <summary>The population standard deviation of the RTT (<c>mdev</c> of ping); null when nothing was
    /// received.</summary>
    public double? MeanDeviationMicroseconds =>
        Received == 0 ? null : ExactMoments.StandardDeviation(Received, _sum, _sumOfSquares);

    /// <summary>The mean absolute difference of successive RTTs (after RFC 3393); null without a pair.</summary>
    public double? JitterMicroseconds => JitterPairs == 0 ? null : (double)_sumOfSteps / JitterPairs;

    /// <summary>Why samples were lost: each reason that occurred, in the order of its number.</summary>
    public ImmutableArray<LossCount> Losses => [.. _losses];

    /// <summary>The distribution of the RTTs; empty when nothing was received.</summary>
    public IEnumerable<QuantileBucket> Buckets() => _sketch.Buckets();

    /// <summary>The RTT at a quantile by the nearest rank, within 0.79 %.</summary>
    /// <param name="q">0 to 1, for example 0.95.</param>
    /// <returns>Microseconds, never outside of minimum and maximum; null when nothing was received.</returns>
    public long? QuantileMicroseconds(double q) =>
        _sketch.Quantile(q) is { } value ? Math.Clamp(value, _minimum, _maximum) : null;

    /// <summary>Adds the next sample of the series.</summary>
    /// <param name="round">Its round's number, 0 or more.</param>
    /// <param name="index">Its place in the round, from 0 to 65,535.</param>
    /// <param name="loss">Why it was lost; <see cref="LossReason.None"/> when it was answered.</param>
    /// <param name="value">The RTT in microseconds, or another quantity, -<see cref="MaxValue"/> to
    /// <see cref="MaxValue"/>; ignored when it was lost.</param>
    /// <param name="duplicates">Further copies of the answer, 0 or more.</param>
    /// <param name="isSuspect">True when this process was late while it was taken.</param>
    /// <exception cref="ArgumentException">A number is out of range, or the sample does not come after the last
    /// one.</exception>
    public void Add(long round, int index, LossReason loss, long value, int duplicates = 0, bool isSuspect = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(duplicates);
        if (loss == LossReason.None)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, -MaxValue);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        }
        var sample = new WindowEdge(round, index, loss == LossReason.None ? value : null);
        if (Sent > 0 && !sample.IsAfter(_last))
        {
            throw new ArgumentException(
                $"sample {round}/{index} does not come after {_last.Round}/{_last.Index}", nameof(round));
        }
        if (sample.IsLost)
        {
            CountLoss(loss, 1);
        }
        else
        {
            Count(value);
        }
        if (Sent == 0)
        {
            _first = sample;
        }
        else
        {
            CountPair(_last, sample);
        }
        _last = sample;
        Sent++;
        Duplicates += duplicates;
        Suspect += isSuspect ? 1 : 0;
    }

    /// <summary>Adds the window of samples that come after all of this one: as if each had been added here.</summary>
    /// <exception cref="ArgumentException">It does not begin after this one's last sample.</exception>
    public void Merge(Window next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (next.Sent == 0)
        {
            return;
        }
        if (Sent > 0 && !next._first.IsAfter(_last))
        {
            throw new ArgumentException("the window does not come after this one", nameof(next));
        }
        if (Sent == 0)
        {
            _first = next._first;
        }
        else
        {
            CountPair(_last, next._first);
        }
        _last = next._last;
        _sketch.Merge(next._sketch);
        foreach (var loss in next._losses)
        {
            CountLoss(loss.Reason, loss.Count);
        }
        _sum += next._sum;
        _sumOfSquares += next._sumOfSquares;
        _sumOfSteps += next._sumOfSteps;
        JitterPairs += next.JitterPairs;
        _minimum = Math.Min(_minimum, next._minimum);
        _maximum = Math.Max(_maximum, next._maximum);
        Sent += next.Sent;
        Duplicates += next.Duplicates;
        Suspect += next.Suspect;
    }

    /// <summary>One window of many, which must be in the order of the series; they stay as they are.</summary>
    public static Window MergeAll(IEnumerable<Window> inOrder)
    {
        ArgumentNullException.ThrowIfNull(inOrder);
        var whole = new Window();
        foreach (var part in inOrder)
        {
            whole.Merge(part);
        }
        return whole;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // 128-bit sums are not compiled ahead of time
    private void Count(long value)
    {
        _sketch.Add(value);
        _sum += value;
        _sumOfSquares += (UInt128)Math.BigMul(value, value);
        _minimum = Math.Min(_minimum, value);
        _maximum = Math.Max(_maximum, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountPair(in WindowEdge before, in WindowEdge after)
    {
        if (before.Value is { } from && after.Value is { } to && after.IsNeighbourOf(before))
        {
            _sumOfSteps += (ulong)Math.Abs(to - from);
            JitterPairs++;
        }
    }

    private void CountLoss(LossReason reason, long count)
    {
        var place = 0;
        while (place < _losses.Length && _losses[place].Reason < reason)
        {
            place++;
        }
        if (place < _losses.Length && _losses[place].Reason == reason)
        {
            _losses[place] = new(reason, _losses[place].Count + count);
        }
        else
        {
            _losses = [.. _losses[..place], new(reason, count), .. _losses[place..]];
        }
    }
}

/// <summary>How many samples were lost for one reason.</summary>
/// <param name="Reason">The reason; never <see cref="LossReason.None"/>.</param>
/// <param name="Count">How many; 1 or more.</param>
public readonly record struct LossCount(LossReason Reason, long Count);
