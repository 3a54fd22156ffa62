using System.Diagnostics.CodeAnalysis;

namespace Sonde.Samples;

/// <summary>
/// Samples that wait for the store, packed, in chunks, oldest first. Bounded by its user. Any thread.
/// </summary>
internal sealed class SampleBacklog(TimeProvider time)
{
    /// <summary>The most samples in a chunk: the store takes a chunk at once.</summary>
    public const int ChunkSamples = 10_000;

    private const int MaxSpare = 4;

    private readonly Lock _gate = new();
    private readonly Queue<BacklogChunk> _chunks = new();
    private readonly Stack<PackedSamples> _spare = new();
    private BacklogChunk? _filling;
    private long _bytes;
    private long _samples;

    /// <summary>How many samples wait.</summary>
    public long Count => Volatile.Read(ref _samples);

    /// <summary>How many bytes they take.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds samples as the newest. Does not allocate as long as the store keeps up.</summary>
    public void Add(ReadOnlySpan<Sample> samples)
    {
        lock (_gate)
        {
            foreach (ref readonly var sample in samples)
            {
                var packed = FillingChunk_NeedsLock().Samples;
                var before = packed.Length;
                packed.Add(sample.Series.Number, sample);
                _bytes += packed.Length - before;
            }
            _samples += samples.Length;
        }
    }

    /// <summary>
    /// Takes the oldest chunk out; false when nothing waits. The caller gives it back when it is done with it.
    /// </summary>
    public bool TryTake([NotNullWhen(true)] out BacklogChunk? oldest)
    {
        lock (_gate)
        {
            if (!_chunks.TryDequeue(out oldest))
            {
                return false;
            }
            if (oldest == _filling)
            {
                _filling = null;
            }
            _bytes -= oldest.Samples.Length;
            _samples -= oldest.Samples.Count;
            return true;
        }
    }

    /// <summary>Puts chunks back that were taken out, as the oldest.</summary>
    public void PutBack(IReadOnlyList<BacklogChunk> chunks)
    {
        lock (_gate)
        {
            BacklogChunk[] newer = [.. _chunks];
            _chunks.Clear();
            foreach (var chunk in chunks)
            {
                _chunks.Enqueue(chunk);
                _bytes += chunk.Samples.Length;
                _samples += chunk.Samples.Count;
            }
            foreach (var chunk in newer)
            {
                _chunks.Enqueue(chunk);
            }
        }
    }

    /// <summary>The memory of a chunk that was taken out can be used again.</summary>
    public void GiveBack(BacklogChunk chunk)
    {
        lock (_gate)
        {
            if (_spare.Count < MaxSpare)
            {
                chunk.Samples.Clear();
                _spare.Push(chunk.Samples);
            }
        }
    }

    /// <summary>True when the oldest chunk waits longer than this.</summary>
    public bool IsOlderThan(TimeSpan age)
    {
        lock (_gate)
        {
            return _chunks.TryPeek(out var oldest) && AgeOf(oldest.BeganAt) > age;
        }
    }

    /// <summary>How long ago that was.</summary>
    /// <param name="beganAt">As in <see cref="BacklogChunk.BeganAt"/>.</param>
    public TimeSpan AgeOf(long beganAt) => time.GetElapsedTime(beganAt);

    private BacklogChunk FillingChunk_NeedsLock()
    {
        if (_filling is { Samples.Count: < ChunkSamples })
        {
            return _filling;
        }
        _filling = new BacklogChunk(_spare.TryPop(out var spare) ? spare : new PackedSamples(), time.GetTimestamp());
        _chunks.Enqueue(_filling);
        return _filling;
    }
}

/// <summary>Samples that wait, under the numbers of their handles.</summary>
/// <param name="Samples">The samples.</param>
/// <param name="BeganAt">When the first was added, by the clock's timestamp.</param>
internal sealed record BacklogChunk(PackedSamples Samples, long BeganAt);
