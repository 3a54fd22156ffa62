using System.Collections.Immutable;
using System.Net;

namespace Sonde.Targets;

/// <summary>How <c>/probe</c> measures a target that its caller names: a module of blackbox_exporter.</summary>
internal sealed record ProbeModule
{
    /// <summary>The module that a caller means who names none.</summary>
    public const string DefaultName = "http_2xx";

    /// <summary>
    /// What exists without a word in sonde.yaml: <c>http_2xx</c>, <c>icmp</c> and <c>tcp_connect</c>.
    /// </summary>
    public static readonly ImmutableSortedDictionary<string, ProbeModule> Standard = new ProbeModule[]
    {
        new() { Name = DefaultName, Kind = CheckKind.Http, Http = UnlimitedHttp },
        new() { Name = "icmp", Kind = CheckKind.Icmp },
        new() { Name = "tcp_connect", Kind = CheckKind.Tcp },
    }.ToImmutableSortedDictionary(module => module.Name, module => module, StringComparer.Ordinal);

    /// <summary>The name by which callers mean it.</summary>
    public required string Name { get; init; }

    /// <summary>How it measures: icmp, tcp, http or dns.</summary>
    public required CheckKind Kind { get; init; }

    /// <summary>How long a probe may take at most, 10 ms to 60 s; null = the caller's limit alone.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The IP version that is preferred, 4 or 6; default 6.</summary>
    public FamilyChoice Family { get; init; } = FamilyChoice.Six;

    /// <summary>True, the default, to take the other version where the target has no address of that one.</summary>
    public bool FallsBack { get; init; } = true;

    /// <summary>The address to send from; null, the default, for the system's choice.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Bytes of payload in an echo request: 16 to 65,000; default 56.</summary>
    public int Size { get; init; } = 56;

    /// <summary>The hop limit that an echo request leaves with, 1 to 255; null = the system's default.</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>True to forbid fragmenting an echo request on its way; default false.</summary>
    public bool DontFragment { get; init; }

    /// <summary>What a TCP module does after the handshake; null = nothing.</summary>
    public TcpDialogue? Dialogue { get; init; }

    /// <summary>How an HTTP module asks; null for other kinds.</summary>
    public HttpSettings? Http { get; init; }

    /// <summary>What a DNS module asks; null for other kinds.</summary>
    public DnsSettings? Dns { get; init; }

    /// <summary>An HTTP module reads all of a body that it need not understand, up to 100 MiB.</summary>
    public static HttpSettings UnlimitedHttp => new() { BodyLimit = 100L << 20, StopsAtBodyLimit = true };
}
