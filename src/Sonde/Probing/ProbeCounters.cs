using Sonde.Measurement.Icmp;

namespace Sonde.Probing;

/// <summary>
/// What the probing did since the start. Written by the loop's thread, read by any; slightly old values are fine.
/// </summary>
internal sealed class ProbeCounters
{
    /// <summary>Probes begun.</summary>
    public long Probes { get; internal set; }

    /// <summary>Rounds that were overdue and skipped.</summary>
    public long MissedRounds { get; internal set; }

    /// <summary>Probes that say nothing about the network.</summary>
    public long NotSent { get; internal set; }

    /// <summary>Samples marked suspect.</summary>
    public long Suspect { get; internal set; }

    /// <summary>Answers after their probe was given up.</summary>
    public long Late { get; internal set; }

    /// <summary>How often the loop woke more than a millisecond late.</summary>
    public long LateWakes { get; internal set; }

    /// <summary>How late all probes left after they were due, in nanoseconds, together.</summary>
    public long SlipNanoseconds { get; internal set; }

    /// <summary>The longest that a probe left after it was due, in nanoseconds, since the start.</summary>
    public long LargestSlipNanoseconds { get; internal set; }

    /// <summary>What the ICMP prober met.</summary>
    public IcmpCounters Icmp { get; internal set; } = new();
}
