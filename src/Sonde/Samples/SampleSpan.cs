namespace Sonde.Samples;

/// <summary>
/// How many samples, and between which times they were sent: milliseconds since 1970 UTC, both inclusive.
/// </summary>
internal readonly record struct SampleSpan(long Count, long FirstMilliseconds, long LastMilliseconds)
{
    /// <summary>The span of packed samples.</summary>
    public static SampleSpan Of(IEnumerable<BacklogChunk> chunks)
    {
        long count = 0, first = long.MaxValue, last = 0;
        foreach (var chunk in chunks)
        {
            var reader = new PackedSampleReader(chunk.Samples.Bytes);
            while (reader.TryRead(out _, out var sample))
            {
                count++;
                first = Math.Clamp(sample.SentAtMilliseconds, 0, first);
                last = Math.Max(last, sample.SentAtMilliseconds);
            }
        }
        return count == 0 ? default : new SampleSpan(count, first, last);
    }

    /// <summary>Both together; nothing has no times.</summary>
    public SampleSpan With(SampleSpan other) => Count == 0 ? other : other.Count == 0 ? this : new SampleSpan(
        Count + other.Count,
        Math.Min(FirstMilliseconds, other.FirstMilliseconds),
        Math.Max(LastMilliseconds, other.LastMilliseconds));
}
