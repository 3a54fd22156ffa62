namespace Sonde.Storage.Blocks;

/// <summary>A straight line near the times of samples: so far from round to round, so far from probe to probe.</summary>
/// <param name="Start">The time of the first sample, in milliseconds.</param>
/// <param name="RoundStep">Milliseconds from a round to the next.</param>
/// <param name="IndexStep">Milliseconds from a probe of a round to the next.</param>
internal readonly record struct TimeLine(long Start, long RoundStep, long IndexStep)
{
    /// <summary>So many steps are looked at; the median is taken.</summary>
    private const int MostSteps = 31;

    /// <summary>The line of the samples.</summary>
    /// <param name="columns">The samples.</param>
    /// <param name="starts">The places where their rounds begin.</param>
    public static TimeLine Through(SampleColumns columns, ReadOnlySpan<int> starts)
    {
        Span<long> steps = stackalloc long[MostSteps];
        ReadOnlySpan<long> rounds = columns.Rounds;
        ReadOnlySpan<long> times = columns.Times;
        ReadOnlySpan<ushort> indexes = columns.Indexes;
        var (stride, count) = (1 + starts.Length / MostSteps, 0);
        for (var i = 0; i < starts.Length && starts.Length < times.Length; i += stride)
        {
            var (first, next) = (starts[i], starts[i] + 1);
            if (next < times.Length && rounds[next] == rounds[first] && indexes[next] == indexes[first] + 1)
            {
                steps[count++] = unchecked(times[next] - times[first]);
            }
        }
        var indexStep = Median(steps[..count]);
        count = 0;
        for (var i = 1; i < starts.Length; i += stride)
        {
            var (before, first) = (starts[i - 1], starts[i]);
            if (unchecked(rounds[first] - rounds[before]) == 1)
            {
                steps[count++] = unchecked(
                    times[first] - times[before] - (indexes[first] - indexes[before]) * indexStep);
            }
        }
        return new(times[0], Median(steps[..count]), indexStep);
    }

    /// <summary>How far the times lie from the line.</summary>
    public void Subtract(SampleColumns columns, Span<long> distances)
    {
        ReadOnlySpan<long> rounds = columns.Rounds;
        ReadOnlySpan<long> times = columns.Times;
        ReadOnlySpan<ushort> indexes = columns.Indexes;
        var origin = unchecked(Start - After(rounds[0], indexes[0]));
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = unchecked(times[i] - origin - After(rounds[i], indexes[i]));
        }
    }

    /// <summary>Sets the times that lie so far from the line.</summary>
    /// <param name="columns">The samples; rounds and indexes stand there already.</param>
    /// <param name="distances">How far, in the unit.</param>
    /// <param name="unit">Milliseconds.</param>
    public void Add(SampleColumns columns, ReadOnlySpan<long> distances, long unit)
    {
        ReadOnlySpan<long> rounds = columns.Rounds;
        ReadOnlySpan<ushort> indexes = columns.Indexes;
        var times = columns.Times;
        var origin = unchecked(Start - After(rounds[0], indexes[0]));
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = unchecked(origin + After(rounds[i], indexes[i]) + distances[i] * unit);
        }
    }

    /// <summary>The largest number that divides all distances, 1 to 2^31 - 1; 0 when all are 0.</summary>
    public static long CommonDivisor(ReadOnlySpan<long> distances)
    {
        var divisor = 0L;
        foreach (var distance in distances)
        {
            if (distance is > int.MaxValue or < -int.MaxValue)
            {
                return 1;
            }
            if (divisor == 0 ? distance != 0 : (int)distance % (int)divisor != 0)
            {
                divisor = GreatestCommonDivisor(divisor, Math.Abs(distance));
                if (divisor == 1)
                {
                    return 1;
                }
            }
        }
        return divisor;
    }

    /// <summary>How long after index 0 of round 0.</summary>
    private long After(long round, long index) => unchecked(round * RoundStep + index * IndexStep);

    private static long Median(Span<long> steps)
    {
        steps.Sort();
        return steps.IsEmpty ? 0 : steps[steps.Length / 2];
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return a;
    }
}
