namespace Sonde.Measurement.Tcp;

/// <summary>What another thread has for the owner of the prober.</summary>
/// <param name="Token">The probe's <see cref="TcpProbe.Token"/>.</param>
/// <param name="At">When it happened, boot-time nanoseconds.</param>
/// <param name="Outcome">How the conversation ended; null when the socket has become writable or has failed.</param>
internal readonly record struct Completion(ulong Token, long At, ConversationOutcome? Outcome);

/// <summary>Brings completions to the owner's thread and wakes it.</summary>
/// <remarks>
/// Any thread adds, the owner takes. Bounded: a use of a probe's object brings at most one event of its socket, and
/// one outcome of its conversation, which keeps the object in use until it is taken; so an object has at most three
/// entries at a time: the stale event of its last use, the event of this one, and an outcome.
/// </remarks>
internal sealed class CompletionQueue : IDisposable
{
    private const int EntriesPerProbe = 3;
    private readonly Lock _gate = new();
    private readonly Queue<Completion> _entries;
    private readonly int _capacity;
    private bool _isClosed;

    /// <summary>A queue for <paramref name="probes"/> probes at a time.</summary>
    public CompletionQueue(int probes)
    {
        _capacity = probes * EntriesPerProbe;
        _entries = new Queue<Completion>(_capacity);
        WakeFileDescriptor = LibCEvents.OpenEvent();
    }

    /// <summary>Readable for poll(2) while entries wait.</summary>
    public int WakeFileDescriptor { get; }

    /// <summary>Adds an entry without waking; false when the queue is full or closed.</summary>
    public bool TryAdd(in Completion completion)
    {
        lock (_gate)
        {
            if (_isClosed || _entries.Count == _capacity)
            {
                return false;
            }
            _entries.Enqueue(completion);
            return true;
        }
    }

    /// <summary>Wakes the owner.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                LibCEvents.Raise(WakeFileDescriptor);
            }
        }
    }

    /// <summary>Takes back the wake-up; entries added before it are there to be taken.</summary>
    public void Acknowledge() => LibCEvents.Lower(WakeFileDescriptor);

    /// <summary>The oldest entry.</summary>
    public bool TryTake(out Completion completion)
    {
        lock (_gate)
        {
            return _entries.TryDequeue(out completion);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _ = LibCSocket.Close(WakeFileDescriptor);
            }
        }
    }
}
