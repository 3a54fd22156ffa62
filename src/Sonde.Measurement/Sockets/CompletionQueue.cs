using System.Diagnostics.CodeAnalysis;

namespace Sonde.Measurement.Sockets;

/// <summary>Brings completions to the owner's thread and wakes it.</summary>
/// <remarks>
/// Any thread adds, the owner takes. Whoever makes it knows how many entries can wait at a time.
/// </remarks>
/// <typeparam name="TCompletion">What another thread has for the owner.</typeparam>
internal sealed class CompletionQueue<TCompletion> : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<TCompletion> _entries;
    private readonly int _capacity;
    private bool _isClosed;

    /// <summary>A queue for <paramref name="capacity"/> entries at a time.</summary>
    /// <exception cref="IOException">The process may not open more files.</exception>
    public CompletionQueue(int capacity)
    {
        _capacity = capacity;
        _entries = new Queue<TCompletion>(_capacity);
        WakeFileDescriptor = LibCEvents.OpenEvent();
    }

    /// <summary>Readable for poll(2) while entries wait.</summary>
    public int WakeFileDescriptor { get; }

    /// <summary>Adds an entry without waking; false when the queue is full or closed.</summary>
    public bool TryAdd(in TCompletion completion)
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
    public bool TryTake([MaybeNullWhen(false)] out TCompletion completion)
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
