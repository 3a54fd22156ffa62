using System.Collections.Concurrent;

namespace Sonde.Samples;

/// <summary>Tells changes of state outside of the locks that they were found in, one after the other in the order
/// found.</summary>
internal sealed class StateChangeQueue
{
    /// <summary>As long as a change for each check at most: who adds also tells.</summary>
    private readonly ConcurrentQueue<StateChange> _waiting = new();
    private readonly Lock _telling = new();

    /// <summary>Told of each change.</summary>
    public event Action<StateChange>? Told;

    /// <summary>Remembers a change.</summary>
    public void Add(StateChange change) => _waiting.Enqueue(change);

    /// <summary>Tells what waits, unless another thread is at it and tells these, too.</summary>
    public void Tell()
    {
        while (!_waiting.IsEmpty && _telling.TryEnter())
        {
            try
            {
                while (_waiting.TryDequeue(out var change))
                {
                    Told?.Invoke(change);
                }
            }
            finally
            {
                _telling.Exit();
            }
        }
    }
}
