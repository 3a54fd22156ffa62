namespace Sonde.Measurement.Tcp;

/// <summary>The probes under way by deadline: the earliest at once, any removed in logarithmic time.</summary>
/// <remarks>A binary heap that tells each probe its place; PriorityQueue would search for it.</remarks>
internal sealed class DeadlineHeap(int capacity)
{
    private readonly TcpProbe[] _probes = new TcpProbe[capacity];
    private int _count;

    /// <summary>The deadline that comes first; <see cref="long.MaxValue"/> when there is none.</summary>
    public long Earliest => _count == 0 ? long.MaxValue : _probes[0].Deadline;

    /// <summary>Takes in a probe that is not in it.</summary>
    public void Add(TcpProbe probe)
    {
        Place(probe, _count++);
        Rise(probe);
    }

    /// <summary>Takes out a probe, if it is in.</summary>
    public void Remove(TcpProbe probe)
    {
        var hole = probe.HeapIndex;
        if (hole < 0)
        {
            return;
        }
        probe.HeapIndex = -1;
        var last = _probes[--_count];
        _probes[_count] = null!;
        if (!ReferenceEquals(last, probe))
        {
            Place(last, hole);
            Rise(last);
            Sink(last);
        }
    }

    /// <summary>
    /// Takes out the probe that is due first, or gives null when none is due at <paramref name="now"/>.
    /// </summary>
    public TcpProbe? FindDue(long now)
    {
        if (Earliest > now)
        {
            return null;
        }
        var due = _probes[0];
        Remove(due);
        return due;
    }

    private void Rise(TcpProbe probe)
    {
        while (probe.HeapIndex > 0)
        {
            var parent = _probes[(probe.HeapIndex - 1) / 2];
            if (parent.Deadline <= probe.Deadline)
            {
                return;
            }
            Swap(parent, probe);
        }
    }

    private void Sink(TcpProbe probe)
    {
        while (FindEarlierChild(probe.HeapIndex) is { } child && child.Deadline < probe.Deadline)
        {
            Swap(probe, child);
        }
    }

    private TcpProbe? FindEarlierChild(int index)
    {
        var left = (2 * index) + 1;
        if (left >= _count)
        {
            return null;
        }
        var right = left + 1;
        return right < _count && _probes[right].Deadline < _probes[left].Deadline ? _probes[right] : _probes[left];
    }

    private void Swap(TcpProbe upper, TcpProbe lower)
    {
        var index = upper.HeapIndex;
        Place(upper, lower.HeapIndex);
        Place(lower, index);
    }

    private void Place(TcpProbe probe, int index)
    {
        _probes[index] = probe;
        probe.HeapIndex = index;
    }
}
