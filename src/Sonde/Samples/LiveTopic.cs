using System.Collections.Immutable;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>The readers of one check, and what they were told lately, so that one that comes back misses nothing. Any
/// thread.</summary>
internal sealed class LiveTopic(CheckId check, ChangeStamps stamps, long nowMilliseconds)
{
    /// <summary>How long a lost connection may take to come back.</summary>
    public const long MemoryMilliseconds = 30_000;

    /// <summary>Batches of samples kept at most: 30 seconds of a check with 100 batches a second.</summary>
    private const int MemoryCapacity = 3_000;

    private readonly Lock _lock = new();
    private readonly Queue<(long AtMilliseconds, LiveEvent.Sampled Event)> _memory = new();
    private ImmutableArray<LiveReader> _readers = [];
    private long _completeAfter = stamps.Latest;
    private long _neededAt = nowMilliseconds;
    private bool _isClosed;

    /// <summary>Lets a reader in.</summary>
    /// <returns>Null when the topic has been closed meanwhile: make a new one.</returns>
    public LiveReader? Join(long? lastEventId, Action<LiveTopic, LiveReader> leave)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }
            var reader = new LiveReader(FirstEvents_NeedsLock(lastEventId), gone => leave(this, gone));
            _readers = _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Lets a reader go; false when it had gone before.</summary>
    public bool Leave(LiveReader reader, long nowMilliseconds)
    {
        lock (_lock)
        {
            var before = _readers.Length;
            _readers = _readers.Remove(reader);
            _neededAt = nowMilliseconds;
            return _readers.Length < before;
        }
    }

    /// <summary>Tells new samples, and remembers them.</summary>
    public void Tell(ImmutableArray<Sample> samples, long nowMilliseconds)
    {
        lock (_lock)
        {
            var next = new LiveEvent.Sampled(stamps.Next(), check, samples);
            _memory.Enqueue((nowMilliseconds, next));
            var oldest = nowMilliseconds - MemoryMilliseconds;
            while (_memory.Count > MemoryCapacity || _memory.Peek().AtMilliseconds < oldest)
            {
                _completeAfter = _memory.Dequeue().Event.Id;
            }
            Tell_NeedsLock(next);
        }
    }

    /// <summary>Tells something that need not be remembered.</summary>
    /// <param name="make">Makes the event of its id.</param>
    public void Tell(Func<long, LiveEvent> make)
    {
        lock (_lock)
        {
            Tell_NeedsLock(make(stamps.Next()));
        }
    }

    /// <summary>Closes the topic when nobody has read it for so long that nobody can come back; true when it is
    /// closed.</summary>
    public bool TryClose(long nowMilliseconds)
    {
        lock (_lock)
        {
            _isClosed = _readers.IsEmpty && Math.Abs(nowMilliseconds - _neededAt) > MemoryMilliseconds;
            return _isClosed;
        }
    }

    private List<LiveEvent> FirstEvents_NeedsLock(long? lastEventId)
    {
        if (lastEventId is not { } last)
        {
            return [];
        }
        return last >= _completeAfter && last <= stamps.Latest
            ? [.. _memory.Select(one => one.Event).Where(one => one.Id > last)]
            : [new LiveEvent.Reset(stamps.Latest)];
    }

    private void Tell_NeedsLock(LiveEvent next)
    {
        foreach (var reader in _readers)
        {
            reader.Tell(next);
        }
    }
}
