namespace Sonde.Targets;

/// <summary>What a DNS check asks its resolver, and what must come back.</summary>
internal sealed record DnsSettings
{
    /// <summary>The name that is asked for.</summary>
    public required string Query { get; init; }

    /// <summary>The type of record, as <c>A</c> or <c>TYPE65</c>; default A.</summary>
    public string RecordType { get; init; } = "A";

    /// <summary>The class, as <c>IN</c> or <c>CH</c>; default IN.</summary>
    public string Class { get; init; } = "IN";

    /// <summary>True, the default, to ask the resolver to ask others.</summary>
    public bool Recursion { get; init; } = true;

    /// <summary>How it is asked; default UDP.</summary>
    public DnsTransportWish Transport { get; init; }

    /// <summary>The response codes that are right; default <c>NOERROR</c>.</summary>
    public ValueList<string> ResponseCodes { get; init; } = ["NOERROR"];

    /// <summary>Contents that must be among the answers; default none.</summary>
    public ValueList<string> Answers { get; init; } = [];

    /// <summary>What the records must match.</summary>
    public ValueList<RecordPattern> Patterns { get; init; } = [];

    /// <summary>How TLS is spoken; of meaning over TLS only.</summary>
    public TlsTrust Tls { get; init; } = new();
}

/// <summary>How a resolver is asked.</summary>
internal enum DnsTransportWish : byte
{
    /// <summary>Over UDP, and over TCP when the answer was truncated.</summary>
    Udp = 0,

    /// <summary>Over TCP.</summary>
    Tcp = 1,

    /// <summary>Over TLS (RFC 7858).</summary>
    Tls = 2,
}

/// <summary>What the records of a section must be like.</summary>
/// <param name="Section">Which records.</param>
/// <param name="Rule">When it fails.</param>
/// <param name="Pattern">A regular expression on the record as a zone file writes it.</param>
internal sealed record RecordPattern(DnsSection Section, DnsPatternRule Rule, string Pattern);

/// <summary>A section of a DNS message.</summary>
internal enum DnsSection : byte
{
    /// <summary>What answers the question.</summary>
    Answer = 0,

    /// <summary>Who has authority.</summary>
    Authority = 1,

    /// <summary>What else is told.</summary>
    Additional = 2,
}

/// <summary>When a pattern loses the probe.</summary>
internal enum DnsPatternRule : byte
{
    /// <summary>When a record matches.</summary>
    FailsIfAnyMatches = 0,

    /// <summary>When all records match.</summary>
    FailsIfAllMatch = 1,

    /// <summary>When a record does not match.</summary>
    FailsIfAnyDiffers = 2,

    /// <summary>When no record matches.</summary>
    FailsIfNoneMatches = 3,
}
