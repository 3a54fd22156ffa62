namespace Sonde.Targets;

/// <summary>Over which IP version a check measures: the <c>family</c> of sonde.yaml.</summary>
internal enum FamilyChoice : byte
{
    /// <summary>The family of the last answer; at first what the resolver prefers.</summary>
    Auto = 0,

    /// <summary>IPv4 only.</summary>
    Four = 4,

    /// <summary>IPv6 only.</summary>
    Six = 6,

    /// <summary>Both, each a series of its own.</summary>
    Both = 10,
}
