namespace Sonde.SystemTests.Lab;

/// <summary>One packet that a host, or a router on the way, sends for an echo request.</summary>
/// <param name="After">How long after the request; zero = at once.</param>
internal sealed record Answer(TimeSpan After)
{
    /// <summary>What is wrong with it; of an error the flags spoil the quoted request.</summary>
    public AnswerFault Fault { get; init; }

    /// <summary>The ICMP error that a router sends; null = an echo reply.</summary>
    public IcmpError? Error { get; init; }

    /// <summary>The hop limit that the packet arrives with.</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>The bytes from the ICMP header on that <see cref="AnswerFault.Truncated"/> leaves.</summary>
    public int TruncatedLength { get; init; } = 4;

    /// <summary>
    /// How many bytes of the request an error quotes, from the ICMP header on: 8 as RFC 792 asks, or more; what does
    /// not fit into the family's smallest packet (576 and 1,280 bytes) is left away.
    /// </summary>
    public int QuotedLength { get; init; } = 1280;

    /// <summary>Whether <paramref name="fault"/> is among the faults; unlike HasFlag it never makes garbage.</summary>
    public bool Has(AnswerFault fault) => (Fault & fault) != 0;
}

/// <summary>What is wrong with an answer. Unless it says otherwise the checksum is right.</summary>
[Flags]
internal enum AnswerFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The identifier is another one.</summary>
    WrongIdentifier = 1,

    /// <summary>The sequence number is another one.</summary>
    WrongSequence = 2,

    /// <summary>The first 16 bytes of the payload are others.</summary>
    WrongToken = 4,

    /// <summary>The last byte of the payload is another one.</summary>
    WrongTail = 8,

    /// <summary>Only <see cref="Answer.TruncatedLength"/> bytes are left from the ICMP header on.</summary>
    Truncated = 16,

    /// <summary>The ICMP checksum is wrong.</summary>
    BadChecksum = 32,

    /// <summary>The neighbouring host sends it; of an error: the quoted request went to the neighbour.</summary>
    WrongAddress = 64,
}
