namespace Sonde.Measurement.Icmp;

/// <summary>
/// What an ICMP prober met beside answers, since it was made. Read by any thread; slightly old values are fine.
/// </summary>
public sealed class IcmpCounters
{
    /// <summary>Further copies of an answer.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Answers after their probe was given up.</summary>
    public long Late { get; internal set; }

    /// <summary>ICMP errors that ended a probe.</summary>
    public long Errors { get; internal set; }

    /// <summary>
    /// Packets that end no probe of ours: wrong identifier, sequence, token, payload or source, or errors about others.
    /// </summary>
    public long Foreign { get; internal set; }

    /// <summary>Packets that are damaged or cut short.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Packets that the kernel dropped because the socket's buffer was full.</summary>
    public long ReceiveDrops { get; internal set; }
}
