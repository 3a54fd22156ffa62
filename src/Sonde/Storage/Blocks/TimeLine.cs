using System.Runtime.CompilerServices;

namespace Sonde.Storage.Blocks;

/// <summary>A straight line near the times of samples: so far from round to round, and from probe to probe.</summary>
/// <param name="Start">The time of the first sample, in milliseconds.</param>
/// <param name="RoundStep">Milliseconds from a round to the next.</param>
/// <param name="IndexStep">Milliseconds from a probe of a round to the next.</param>
internal readonly record struct TimeLine(long Start, long RoundStep, long IndexStep)
{
    /// <summary>So many steps are looked at; their median is taken.</summary>
    private const int MostSteps = 243;

    /// <summary>The line of samples.</summary>
    /// <param name="columns">The samples.</param>
    /// <param name="starts">The places where their rounds begin; empty when each is a round of its own, and none is
    /// missing.</param>
    public static TimeLine Through(SampleColumns columns, ReadOnlySpan<int> starts)
    {
        Span<long> steps = stackalloc long[MostSteps];
        ReadOnlySpan<long> times = columns.Times;
        if (starts.IsEmpty)
        {
            var (stride, count) = (1 + times.Length / MostSteps, 0);
            for (var i = 1; i < times.Length; i += stride)
            {
                steps[count++] = unchecked(times[i] - times[i - 1]);
            }
            return new(times[0], RoughMedian.Of(steps[..count]), 0);
        }
        var indexStep = IndexStepOf(columns, starts, steps);
        return new(times[0], RoundStepOf(columns, starts, indexStep, steps), indexStep);
    }

    /// <summary>How far the times lie from the line.</summary>
    /// <param name="columns">The samples.</param>
    /// <param name="isSteady">Whether each is a round of its own, and none is missing.</param>
    /// <param name="distances">Where the distances go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Subtract(SampleColumns columns, bool isSteady, Span<long> distances)
    {
        Place(columns, isSteady, distances);
        var times = columns.Times[..distances.Length];
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = unchecked(times[i] - distances[i]);
        }
    }

    /// <summary>Sets the times that lie so far from the line.</summary>
    /// <param name="columns">The samples; rounds and indexes stand there already.</param>
    /// <param name="isSteady">Whether each is a round of its own, and none is missing.</param>
    /// <param name="distances">How far, in the unit.</param>
    /// <param name="unit">Milliseconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(SampleColumns columns, bool isSteady, ReadOnlySpan<long> distances, long unit)
    {
        var times = columns.Times;
        distances = distances[..times.Length];
        if (isSteady)
        {
            var time = Start;
            for (var i = 0; i < times.Length; i++)
            {
                times[i] = unchecked(time + distances[i] * unit);
                time = unchecked(time + RoundStep);
            }
            return;
        }
        Place(columns, isSteady, times);
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = unchecked(times[i] + distances[i] * unit);
        }
    }

    /// <summary>The times on the line.</summary>
    private void Place(SampleColumns columns, bool isSteady, Span<long> places)
    {
        if (isSteady)
        {
            var time = Start;
            foreach (ref var place in places)
            {
                place = time;
                time = unchecked(time + RoundStep);
            }
            return;
        }
        ReadOnlySpan<long> rounds = columns.Rounds[..places.Length];
        ReadOnlySpan<ushort> indexes = columns.Indexes[..places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = unchecked(
                Start + (rounds[i] - rounds[0]) * RoundStep + (indexes[i] - indexes[0]) * IndexStep);
        }
    }

    private static long IndexStepOf(SampleColumns columns, ReadOnlySpan<int> starts, Span<long> steps)
    {
        ReadOnlySpan<long> rounds = columns.Rounds;
        ReadOnlySpan<long> times = columns.Times;
        ReadOnlySpan<ushort> indexes = columns.Indexes;
        var count = 0;
        for (var i = 0; i < starts.Length; i += 1 + starts.Length / MostSteps)
        {
            var (first, next) = (starts[i], starts[i] + 1);
            if (next < times.Length && rounds[next] == rounds[first] && indexes[next] == indexes[first] + 1)
            {
                steps[count++] = unchecked(times[next] - times[first]);
            }
        }
        return RoughMedian.Of(steps[..count]);
    }

    private static long RoundStepOf(
        SampleColumns columns, ReadOnlySpan<int> starts, long indexStep, Span<long> steps)
    {
        ReadOnlySpan<long> rounds = columns.Rounds;
        ReadOnlySpan<long> times = columns.Times;
        ReadOnlySpan<ushort> indexes = columns.Indexes;
        var count = 0;
        for (var i = 1; i < starts.Length; i += 1 + starts.Length / MostSteps)
        {
            var (before, first) = (starts[i - 1], starts[i]);
            if (unchecked(rounds[first] - rounds[before]) == 1)
            {
                steps[count++] = unchecked(
                    times[first] - times[before] - (indexes[first] - indexes[before]) * indexStep);
            }
        }
        return RoughMedian.Of(steps[..count]);
    }
}
