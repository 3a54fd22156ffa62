using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>The last quarter of an hour of every series in 60 steps: what the small lines of the overview are drawn from.</summary>
/// <remarks>About 2 KB a series, so that drawing 10,000 lines reads no store. Written by the pipeline's thread, read by any.</remarks>
internal sealed class RecentTraces : ISampleSink
{
    /// <summary>Steps in a trace.</summary>
    public const int Steps = 60;

    /// <summary>How long a step is.</summary>
    public const long StepMilliseconds = 15_000;

    private readonly Lock _changing = new();
    private TraceStep[]?[] _traces = new TraceStep[]?[64];

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        lock (_changing)
        {
            foreach (ref readonly var sample in samples)
            {
                Add_NeedsLock(sample);
            }
        }
    }

    /// <summary>Copies the closed steps before <paramref name="nowMilliseconds"/>, the oldest first; empty steps where nothing was sent.</summary>
    public void Read(SeriesHandle series, long nowMilliseconds, Span<TraceStep> steps)
    {
        var first = nowMilliseconds / StepMilliseconds - steps.Length;
        lock (_changing)
        {
            var trace = series.Number < _traces.Length ? _traces[series.Number] : null;
            for (var place = 0; place < steps.Length; place++)
            {
                var number = first + place;
                var step = trace is null ? default : trace[(int)(number % Steps)];
                steps[place] = step.Number == number ? step : default;
            }
        }
    }

    private void Add_NeedsLock(in Sample sample)
    {
        if (sample.Series.Number >= _traces.Length)
        {
            Array.Resize(ref _traces, Math.Max(_traces.Length * 2, sample.Series.Number + 1));
        }
        var trace = _traces[sample.Series.Number] ??= new TraceStep[Steps];
        var number = sample.SentAtMilliseconds / StepMilliseconds;
        ref var step = ref trace[(int)(number % Steps)];
        if (step.Number > number)
        {
            return;   // sent before the clock was stepped back, or so late that its step has gone
        }
        if (step.Number < number)
        {
            step = new TraceStep { Number = number };
        }
        step.Add(sample);
    }
}

/// <summary>What happened within one step of a trace. RTTs in microseconds; suspect ones only count where there is nothing else.</summary>
internal struct TraceStep
{
    /// <summary>Which step since 1970; 0 = nothing was sent.</summary>
    public long Number { get; init; }

    /// <summary>The smallest RTT; only with <see cref="Answered"/> over 0.</summary>
    public uint Minimum { get; private set; }

    /// <summary>The largest RTT; only with <see cref="Answered"/> over 0.</summary>
    public uint Maximum { get; private set; }

    /// <summary>Answered samples that <see cref="Minimum"/> and <see cref="Maximum"/> rest on.</summary>
    public ushort Answered { get; private set; }

    /// <summary>Lost samples.</summary>
    public ushort Lost { get; private set; }

    /// <summary>True when every answered sample was suspect.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Takes in a sample of this step.</summary>
    public void Add(in Sample sample)
    {
        if (sample.IsLost)
        {
            Lost = (ushort)Math.Min(Lost + 1, ushort.MaxValue);
        }
        else if (Answered == 0 || (IsSuspect && !sample.IsSuspect))
        {
            Answered = 1;
            Minimum = Maximum = Clamp(sample.Value);
            IsSuspect = sample.IsSuspect;
        }
        else if (IsSuspect || !sample.IsSuspect)
        {
            Answered = (ushort)Math.Min(Answered + 1, ushort.MaxValue);
            Minimum = Math.Min(Minimum, Clamp(sample.Value));
            Maximum = Math.Max(Maximum, Clamp(sample.Value));
        }
    }

    private static uint Clamp(long microseconds) => (uint)Math.Clamp(microseconds, 0, uint.MaxValue);
}
