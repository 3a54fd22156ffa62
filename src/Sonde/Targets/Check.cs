using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Sonde.Targets;

/// <summary>
/// One way of measuring one target, as sonde.yaml asks for it. Never changed; a reload makes new ones.
/// </summary>
internal sealed record Check
{
    /// <summary>Its name in URLs, files and the store.</summary>
    public required CheckId Id { get; init; }

    /// <summary>The target's name for people; default the address.</summary>
    public required string Name { get; init; }

    /// <summary>How it measures.</summary>
    public required CheckKind Kind { get; init; }

    /// <summary>The target's host: a name or an IP address, without the port.</summary>
    public required string Host { get; init; }

    /// <summary>The TCP port, 1 to 65,535; null for kinds without ports.</summary>
    public int? Port { get; init; }

    /// <summary>The group it was written in; null outside of groups.</summary>
    public string? Group { get; init; }

    /// <summary>Where the target is, in the user's words; null when not said.</summary>
    public string? Region { get; init; }

    /// <summary>Words to filter by, in the order of the file, none twice.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Over which IP version it measures; default auto.</summary>
    public FamilyChoice Family { get; init; } = FamilyChoice.Auto;

    /// <summary>Time between the starts of two rounds: 100 ms to 1 day; default 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes in a round, spread evenly: 1 to 100; default 1.</summary>
    public int Packets { get; init; } = 1;

    /// <summary>How long an answer may take: 10 ms to 60 s, may exceed the interval; default 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of payload in an echo request: 16 to 65,000; default 56.</summary>
    public int Size { get; init; } = 56;

    /// <summary>The hop limit that an echo request leaves with, 1 to 255; null = the system's default.</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>The type-of-service byte (DSCP and ECN) of an echo request, 0 to 255; default 0.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>True to forbid fragmenting an echo request on its way; default false.</summary>
    public bool DontFragment { get; init; }

    /// <summary>What a TCP check does after the handshake; null = nothing.</summary>
    public TcpDialogue? Dialogue { get; init; }

    /// <summary>The URL of an HTTP check, without user name and password; null for other kinds.</summary>
    public Uri? Url { get; init; }

    /// <summary>How an HTTP check asks; null for other kinds.</summary>
    public HttpSettings? Http { get; init; }

    /// <summary>What a DNS check asks; null for other kinds.</summary>
    public DnsSettings? Dns { get; init; }

    /// <summary>How a job tells that it ran; null for other kinds.</summary>
    public PushSettings? Push { get; init; }

    /// <summary>The id under which the check's history was kept before it was renamed; null when it was not.</summary>
    public CheckId? RenamedFrom { get; init; }

    /// <summary>
    /// The address as people write it: <c>host</c>, or <c>host:port</c> with IPv6 in brackets; a URL without its query,
    /// which may hold secrets; <c>dns://resolver/name?type=AAAA</c>; nothing for a job that calls, and where only the
    /// id is known, as after an import.
    /// </summary>
    public string Address => Kind switch
    {
        CheckKind.Http when Url is not null => Url.GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.SafeUnescaped),
        CheckKind.Dns when Dns is not null => $"dns://{Resolver}/{Dns.Query}"
            + (Dns.RecordType == "A" ? "" : $"?type={Dns.RecordType}"),
        CheckKind.Push => "",
        _ => HostAndPort,
    };

    /// <summary>
    /// Probes it sends a second on average; over both families each probe is two. A job that calls is sent none.
    /// </summary>
    public double ProbesPerSecond => Kind == CheckKind.Push ? 0
        : Packets / Interval.TotalSeconds * (Family == FamilyChoice.Both ? 2 : 1);

    /// <summary>
    /// True when the other measures the same thing in the same way, so that a reload need not disturb it.
    /// </summary>
    public bool MeasuresLike(Check other) =>
        this with
        {
            Name = other.Name,
            Group = other.Group,
            Region = other.Region,
            Tags = other.Tags,
            RenamedFrom = other.RenamedFrom,
        } == other;

    /// <summary>
    /// The time between two probes of a round: the interval divided by the packets, at most 1 s (DESIGN: rounds).
    /// </summary>
    public TimeSpan Gap => Interval / Packets < TimeSpan.FromSeconds(1) ? Interval / Packets : TimeSpan.FromSeconds(1);

    private string HostAndPort => Port is not { } port ? Host
        : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{port}" : $"{Host}:{port}";

    private string Resolver =>
        Port is null && Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : HostAndPort;
}

/// <summary>What a TCP check does once the connection stands.</summary>
/// <param name="Tls">True to make a TLS handshake first; false when there is none, or a step begins TLS.</param>
/// <param name="Trust">How TLS is spoken, first or by a step.</param>
/// <param name="Steps">The lines to send and to expect, in order; at most 20.</param>
internal sealed record TcpDialogue(bool Tls, TlsTrust Trust, ValueList<TcpDialogueStep> Steps);

/// <summary>
/// A step of a dialogue: first waits for a line that matches, then sends one, then begins TLS; each may be missing.
/// </summary>
/// <param name="Expect">
/// A regular expression; lines are passed over until one matches, within the timeout. Null = do not wait.
/// </param>
/// <param name="Send">The line to send, without its end; null = send nothing.</param>
/// <param name="StartTls">True to go on in TLS; in one step at most.</param>
internal sealed record TcpDialogueStep(string? Expect, string? Send, bool StartTls = false)
{
    /// <summary>
    /// How <see cref="Expect"/> is compiled: without backtracking, so that no text a server sends can hang it.
    /// </summary>
    public const RegexOptions ExpectOptions = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>
    /// True where <c>$1</c>, <c>${1}</c> and <c>${name}</c> in <see cref="Send"/> stand for what a group of
    /// <see cref="Expect"/> matched, and <c>$$</c> for the sign itself; default false.
    /// </summary>
    public bool SendsCaptures { get; init; }

    /// <summary>What <c>/probe</c> tells of the awaited line; default nothing.</summary>
    public ValueList<ExpectLabel> Labels { get; init; } = [];

    /// <summary>Leaves the lines out: they may hold a password.</summary>
    public override string ToString() => nameof(TcpDialogueStep);
}

/// <summary>A label of <c>probe_expect_info</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, where <c>$1</c> and the like stand for what a group of the step matched.</param>
internal sealed record ExpectLabel(string Name, string Value);
