namespace Sonde.Measurement.Dns;

/// <summary>
/// Probes in the order in which they are due. Those with the same patience are due in the order in which they came, so
/// each patience has a line, and there are few different ones at a time. Everything takes constant time a line.
/// </summary>
internal sealed class DueLines
{
    private readonly Dictionary<long, LinkedList<DnsProbe>> _lines = [];

    /// <summary>When the next one is due; <see cref="long.MaxValue"/> when none waits.</summary>
    public long Earliest
    {
        get
        {
            var earliest = long.MaxValue;
            foreach (var line in _lines.Values)
            {
                earliest = Math.Min(earliest, line.First!.Value.DueAt);
            }
            return earliest;
        }
    }

    /// <summary>Lines up a probe that is in no line.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="now">Not before that of the last one with this patience; nanoseconds.</param>
    /// <param name="patience">In nanoseconds.</param>
    public void Add(DnsProbe probe, long now, long patience)
    {
        if (!_lines.TryGetValue(patience, out var line))
        {
            line = new LinkedList<DnsProbe>();
            _lines.Add(patience, line);
        }
        probe.Patience = patience;
        probe.DueAt = now + patience;
        line.AddLast(probe.Place);
    }

    /// <summary>Takes a probe out, if it is in a line of this.</summary>
    public void Remove(DnsProbe probe)
    {
        if (probe.Place.List is { } line && _lines.GetValueOrDefault(probe.Patience) == line)
        {
            line.Remove(probe.Place);
            if (line.Count == 0)
            {
                _lines.Remove(probe.Patience);
            }
        }
    }

    /// <summary>Takes out the probe that is due first; null when none is due at <paramref name="now"/>.</summary>
    public DnsProbe? TakeDue(long now)
    {
        DnsProbe? first = null;
        foreach (var line in _lines.Values)
        {
            var candidate = line.First!.Value;
            if (candidate.DueAt <= now && (first is null || candidate.DueAt < first.DueAt))
            {
                first = candidate;
            }
        }
        if (first is not null)
        {
            Remove(first);
        }
        return first;
    }
}
