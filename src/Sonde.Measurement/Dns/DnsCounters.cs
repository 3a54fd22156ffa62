namespace Sonde.Measurement.Dns;

/// <summary>
/// What a DNS prober met beside answers, since it was made. Read by any thread; slightly old values are fine.
/// </summary>
public sealed class DnsCounters
{
    /// <summary>Further copies of an answer.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Answers after their probe was given up.</summary>
    public long Late { get; internal set; }

    /// <summary>Datagrams with another id or question, or that answer nothing: passed over.</summary>
    public long Foreign { get; internal set; }

    /// <summary>Datagrams that are too short or whose question cannot be read: passed over.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Truncated answers after which TCP was tried.</summary>
    public long Truncated { get; internal set; }
}
