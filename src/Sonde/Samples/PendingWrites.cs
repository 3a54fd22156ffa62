namespace Sonde.Samples;

/// <summary>
/// Writes to the store that are made in order, each again until it succeeds; at most 1,000 wait, then the oldest goes.
/// </summary>
internal sealed class PendingWrites
{
    private const int MaxWaiting = 1_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<Func<CancellationToken, ValueTask>> _waiting = new();

    /// <summary>Adds a write. Any thread.</summary>
    public void Add(Func<CancellationToken, ValueTask> write)
    {
        lock (_gate)
        {
            if (_waiting.Count == MaxWaiting)
            {
                _waiting.RemoveFirst();
            }
            _waiting.AddLast(write);
        }
    }

    /// <summary>
    /// Makes all that wait; stops at the first that fails, which is the first next time. One caller at a time.
    /// </summary>
    /// <returns>True when there was one.</returns>
    public async ValueTask<bool> MakeAsync(CancellationToken cancellationToken)
    {
        var hasMade = false;
        while (First() is { } write)
        {
            await write.Value(cancellationToken);
            hasMade = true;
            lock (_gate)
            {
                if (write.List is not null)
                {
                    _waiting.Remove(write);
                }
            }
        }
        return hasMade;
    }

    private LinkedListNode<Func<CancellationToken, ValueTask>>? First()
    {
        lock (_gate)
        {
            return _waiting.First;
        }
    }
}
