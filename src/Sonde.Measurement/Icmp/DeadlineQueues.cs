namespace Sonde.Measurement.Icmp;

/// <summary>
/// Probes in the order of their deadlines. Probes with the same timeout are sent and time out in the same order, so
/// each timeout has a first-in-first-out queue, and there are few different timeouts.
/// </summary>
internal sealed class DeadlineQueues
{
    private readonly List<DeadlineQueue> _queues = [];
    private readonly Dictionary<long, DeadlineQueue> _byTimeout = [];

    /// <summary>
    /// Adds a probe that was sent at <paramref name="sentAt"/>, later than all added before with this timeout.
    /// </summary>
    public void Add(long timeout, long sentAt, uint number)
    {
        if (!_byTimeout.TryGetValue(timeout, out var queue))
        {
            queue = new DeadlineQueue();
            _byTimeout.Add(timeout, queue);
            _queues.Add(queue);
        }
        queue.Add(sentAt + timeout, number);
    }

    /// <summary>Takes a probe whose deadline has passed.</summary>
    public bool TryTake(long now, out uint number)
    {
        foreach (var queue in _queues)
        {
            if (queue.TryTake(now, out number))
            {
                return true;
            }
        }
        number = 0;
        return false;
    }

    /// <summary>
    /// The next deadline of a probe that is still open; those that have ended are dropped on the way.
    /// </summary>
    public long Next(FlightTable flights)
    {
        var next = long.MaxValue;
        foreach (var queue in _queues)
        {
            next = Math.Min(next, queue.Next(flights));
        }
        return next;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        foreach (var queue in _queues)
        {
            queue.Clear();
        }
    }

    private sealed class DeadlineQueue
    {
        private readonly Queue<(long Deadline, uint Number)> _entries = new(256);

        public void Add(long deadline, uint number) => _entries.Enqueue((deadline, number));

        public bool TryTake(long now, out uint number)
        {
            if (_entries.TryPeek(out var first) && first.Deadline <= now)
            {
                number = _entries.Dequeue().Number;
                return true;
            }
            number = 0;
            return false;
        }

        public long Next(FlightTable flights)
        {
            while (_entries.TryPeek(out var first))
            {
                ref var flight = ref flights[first.Number];
                if (flight.Number == first.Number && flight.State == FlightState.Open)
                {
                    return first.Deadline;
                }
                _entries.Dequeue();
            }
            return long.MaxValue;
        }

        public void Clear() => _entries.Clear();
    }
}
