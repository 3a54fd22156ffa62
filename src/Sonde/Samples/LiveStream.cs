using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>Tells live readers what changes: those of all checks once a second, those of one check every
/// sample.</summary>
/// <remarks>Costs nothing while nobody reads. The pipeline's thread calls <see cref="Take"/>; any thread the
/// rest.</remarks>
internal sealed class LiveStream(LiveChecks checks, SeriesCatalog catalog, TimeProvider time) : ISampleSink
{
    /// <summary>Readers at a time at most, so that forgotten connections cannot exhaust the memory.</summary>
    public const int MaxReaders = 1_000;

    private readonly Lock _joining = new();
    private readonly ConcurrentDictionary<CheckId, LiveTopic> _topics = new();
    private ImmutableArray<LiveReader> _ofAll = [];
    private long _toldStamp;
    private int _readers;
    private long _resetStamp = checks.BoardStamp;

    /// <summary>How many read now.</summary>
    public int ReaderCount => Volatile.Read(ref _readers);

    private long NowMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Lets in a reader of all checks; dispose it when it leaves.</summary>
    /// <param name="lastEventId">The last event that it has had before its connection broke; null for a new
    /// reader.</param>
    /// <returns>Null when there are <see cref="MaxReaders"/> already.</returns>
    public LiveReader? TryFollowAll(long? lastEventId)
    {
        lock (_joining)
        {
            if (!TryCount_NeedsLock())
            {
                return null;
            }
            if (_ofAll.IsEmpty)
            {
                _toldStamp = checks.Stamps.Latest;
            }
            var reader = new LiveReader(FirstEvents(lastEventId), LeaveAll);
            _ofAll = _ofAll.Add(reader);
            return reader;
        }
    }

    /// <summary>Lets in a reader of one check; dispose it when it leaves.</summary>
    /// <param name="check">The check; that it exists is the caller's care.</param>
    /// <param name="lastEventId">The last event that it has had before its connection broke; null for a new
    /// reader.</param>
    /// <returns>Null when there are <see cref="MaxReaders"/> already.</returns>
    public LiveReader? TryFollow(CheckId check, long? lastEventId)
    {
        lock (_joining)
        {
            if (!TryCount_NeedsLock())
            {
                return null;
            }
        }
        while (true)
        {
            var topic = _topics.GetOrAdd(check, id => new LiveTopic(id, checks.Stamps, NowMilliseconds));
            if (topic.Join(lastEventId, LeaveTopic) is { } reader)
            {
                return reader;
            }
            _topics.TryRemove(KeyValuePair.Create(check, topic));
        }
    }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        if (_topics.IsEmpty)
        {
            return;
        }
        while (!samples.IsEmpty)
        {
            var series = samples[0].Series;
            var run = 1;
            while (run < samples.Length && samples[run].Series == series)
            {
                run++;
            }
            var key = catalog.KeyOf(series);
            if (key.Quantity == Quantity.Rtt && _topics.TryGetValue(key.Check, out var topic))
            {
                topic.Tell([.. samples[..run]], NowMilliseconds);
            }
            samples = samples[run..];
        }
    }

    /// <summary>Tells what has changed since the last call. Call it every second, after that of the checks.</summary>
    public void Tick()
    {
        var now = NowMilliseconds;
        TellReload();
        foreach (var (check, topic) in _topics)
        {
            if (topic.TryClose(now))
            {
                _topics.TryRemove(KeyValuePair.Create(check, topic));
            }
            else if (checks.Find(check, now) is { } view)
            {
                topic.Tell(id => new LiveEvent.Changed(id, [view]));
            }
        }
        lock (_joining)
        {
            TellAll_NeedsLock(now);
        }
    }

    /// <summary>Checks came or went: every page is out of date.</summary>
    private void TellReload()
    {
        if (checks.BoardStamp == _resetStamp)
        {
            return;
        }
        _resetStamp = checks.BoardStamp;
        foreach (var topic in _topics.Values)
        {
            topic.Tell(id => new LiveEvent.Reset(id));
        }
        lock (_joining)
        {
            var reset = new LiveEvent.Reset(checks.Stamps.Next());
            foreach (var reader in _ofAll)
            {
                reader.Tell(reset);
            }
        }
    }

    private void TellAll_NeedsLock(long nowMilliseconds)
    {
        if (_ofAll.IsEmpty)
        {
            return;
        }
        var since = _toldStamp;
        _toldStamp = checks.Stamps.Latest;   // before looking: what changes while we look is told again
        var changed = checks.ChangedSince(since, nowMilliseconds);
        if (changed.IsEmpty)
        {
            return;
        }
        var next = new LiveEvent.Changed(_toldStamp, changed);
        foreach (var reader in _ofAll)
        {
            reader.Tell(next);
        }
    }

    /// <summary>What a reader of all checks has missed: only the newest state of each check matters.</summary>
    private IReadOnlyList<LiveEvent> FirstEvents(long? lastEventId)
    {
        if (lastEventId is not { } last)
        {
            return [];
        }
        var stamp = checks.Stamps.Latest;
        if (last < checks.BoardStamp || last > stamp)
        {
            return [new LiveEvent.Reset(stamp)];
        }
        var changed = checks.ChangedSince(last, NowMilliseconds);
        return changed.IsEmpty ? [] : [new LiveEvent.Changed(stamp, changed)];
    }

    private bool TryCount_NeedsLock()
    {
        if (_readers >= MaxReaders)
        {
            return false;
        }
        _readers++;
        return true;
    }

    private void LeaveAll(LiveReader reader)
    {
        lock (_joining)
        {
            var before = _ofAll.Length;
            _ofAll = _ofAll.Remove(reader);
            _readers -= before - _ofAll.Length;
        }
    }

    private void LeaveTopic(LiveTopic topic, LiveReader reader)
    {
        if (topic.Leave(reader, NowMilliseconds))
        {
            lock (_joining)
            {
                _readers--;
            }
        }
    }
}
