using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sonde.Samples;

/// <summary>One reader of the live stream. When it is slow it loses the oldest events; it never holds anybody
/// back.</summary>
internal sealed class LiveReader : IDisposable
{
    /// <summary>Events that wait for a reader at most.</summary>
    public const int Capacity = 256;

    private readonly IReadOnlyList<LiveEvent> _first;
    private readonly Action<LiveReader> _leave;
    private readonly Channel<LiveEvent> _waiting;
    private long _dropped;

    /// <summary>A reader that gets <paramref name="first"/> before all else.</summary>
    public LiveReader(IReadOnlyList<LiveEvent> first, Action<LiveReader> leave)
    {
        _first = first;
        _leave = leave;
        var dropOldest = new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest };
        _waiting = Channel.CreateBounded<LiveEvent>(dropOldest, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>How many events it has lost because it was slow.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The events from now on, until cancelled or the reader is disposed; for one loop only.</summary>
    public async IAsyncEnumerable<LiveEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var missed in _first)
        {
            yield return missed;
        }
        var told = 0L;
        await foreach (var next in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            if (Dropped is var dropped && dropped > told)
            {
                yield return new LiveEvent.Missed(next.Id - 1, dropped - told);
                told = dropped;
            }
            yield return next;
        }
    }

    /// <summary>Leaves the stream.</summary>
    public void Dispose()
    {
        _leave(this);
        _waiting.Writer.TryComplete();
    }

    /// <summary>Puts an event into the reader's queue; never waits.</summary>
    internal void Tell(LiveEvent next) => _waiting.Writer.TryWrite(next);
}
