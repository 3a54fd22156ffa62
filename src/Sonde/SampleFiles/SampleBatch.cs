using Sonde.Samples;

namespace Sonde.SampleFiles;

/// <summary>Samples of a file on their way into the store. One caller at a time.</summary>
internal sealed class SampleBatch
{
    private Sample[] _samples = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The samples; valid until they are changed.</summary>
    public ReadOnlyMemory<Sample> Samples => _samples.AsMemory(0, Count);

    /// <summary>Adds one.</summary>
    public void Add(in Sample sample)
    {
        if (Count == _samples.Length)
        {
            Array.Resize(ref _samples, Math.Max(1_024, Count * 2));
        }
        _samples[Count++] = sample;
    }

    /// <summary>Keeps those from a place on for which the condition holds.</summary>
    public void Keep(int from, Func<Sample, bool> condition)
    {
        var kept = from;
        for (var at = from; at < Count; at++)
        {
            if (condition(_samples[at]))
            {
                _samples[kept++] = _samples[at];
            }
        }
        Count = kept;
    }

    /// <summary>Forgets them and keeps the memory.</summary>
    public void Clear() => Count = 0;
}
