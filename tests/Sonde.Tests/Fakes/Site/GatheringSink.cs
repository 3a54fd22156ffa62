using Sonde.Samples;

namespace Sonde.Tests;

/// <summary>Keeps what the pipeline gives, in its order.</summary>
internal sealed class GatheringSink(Action? taken = null) : ISampleSink
{
    public List<Sample> Samples { get; } = [];

    public List<Round> Rounds { get; } = [];

    public int Batches { get; private set; }

    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        Samples.AddRange(samples);
        Rounds.AddRange(rounds);
        Batches++;
        taken?.Invoke();
    }
}
