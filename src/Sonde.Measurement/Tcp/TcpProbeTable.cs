namespace Sonde.Measurement.Tcp;

/// <summary>The probes under way, at most as many as given; made on first use and used again.</summary>
internal sealed class TcpProbeTable(int capacity)
{
    private readonly TcpProbe?[] _probes = new TcpProbe?[capacity];
    private readonly Stack<TcpProbe> _free = new(capacity);
    private readonly HashSet<TcpTarget> _busy = new(capacity, ReferenceEqualityComparer.Instance);
    private int _made;

    /// <summary>How many probes can be under way at once.</summary>
    public int Capacity => _probes.Length;

    /// <summary>True while a probe to <paramref name="target"/> runs.</summary>
    public bool IsBusy(TcpTarget target) => _busy.Contains(target);

    /// <summary>A free object for a probe, or null when all are in use.</summary>
    public TcpProbe? FindFree(long ticket, TcpTarget target)
    {
        if (!_free.TryPop(out var probe))
        {
            if (_made == _probes.Length)
            {
                return null;
            }
            probe = new TcpProbe(_made);
            _probes[_made++] = probe;
        }
        probe.Take(ticket, target);
        _busy.Add(target);
        return probe;
    }

    /// <summary>The probe that <paramref name="token"/> was given to, or null when it has ended.</summary>
    public TcpProbe? Find(ulong token) =>
        _probes[(uint)token] is { Target: not null } probe && probe.Token == token ? probe : null;

    /// <summary>Takes the object back.</summary>
    public void Free(TcpProbe probe)
    {
        _busy.Remove(probe.Target!);
        probe.Free();
        _free.Push(probe);
    }

    /// <summary>The probes in use.</summary>
    public IEnumerable<TcpProbe> InUse() => _probes.Where(probe => probe is { Target: not null })!;
}
