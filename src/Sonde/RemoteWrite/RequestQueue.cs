using System.Threading.Channels;

namespace Sonde.RemoteWrite;

/// <summary>
/// The requests that wait for a receiver, oldest first. When they exceed their room the oldest are dropped and counted.
/// Any thread; one reader.
/// </summary>
/// <param name="mostBytes">The room; the newest request stays even when it alone exceeds it.</param>
internal sealed class RequestQueue(long mostBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<WriteRequest> _waiting = new();
    private readonly Channel<bool> _added = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _bytes;
    private long _samples;
    private long _dropped;

    /// <summary>How many samples wait.</summary>
    public long WaitingSamples
    {
        get
        {
            lock (_lock)
            {
                return _samples;
            }
        }
    }

    /// <summary>How many samples found no room since the start.</summary>
    public long DroppedSamples
    {
        get
        {
            lock (_lock)
            {
                return _dropped;
            }
        }
    }

    /// <summary>Adds a request behind all others.</summary>
    public void Add(WriteRequest request)
    {
        lock (_lock)
        {
            _waiting.AddLast(request);
            _bytes += request.Body.Length;
            _samples += request.Samples;
            while (_bytes > mostBytes && _waiting.Count > 1)
            {
                _dropped += _waiting.First!.Value.Samples;
                Remove_NeedsLock(_waiting.First);
            }
        }
        _added.Writer.TryWrite(true);
    }

    /// <summary>The oldest request, which stays; null when none waits.</summary>
    public WriteRequest? Peek()
    {
        lock (_lock)
        {
            return _waiting.First?.Value;
        }
    }

    /// <summary>The oldest request, which stays; waits until there is one.</summary>
    public async ValueTask<WriteRequest> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Peek() is { } request)
            {
                return request;
            }
            await _added.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Takes a request away that is done; nothing when it was dropped meanwhile.</summary>
    public void Remove(WriteRequest request)
    {
        lock (_lock)
        {
            if (_waiting.First is { } first && ReferenceEquals(first.Value, request))
            {
                Remove_NeedsLock(first);
            }
        }
    }

    private void Remove_NeedsLock(LinkedListNode<WriteRequest> node)
    {
        _waiting.Remove(node);
        _bytes -= node.Value.Body.Length;
        _samples -= node.Value.Samples;
    }
}
