using System.Collections.Immutable;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>What <c>defaults</c>, a group or a target says of its checks; null = not said there.</summary>
internal sealed record CheckSettings
{
    /// <summary>Nothing said: Sonde's own defaults hold.</summary>
    public static readonly CheckSettings None = new();

    private static readonly TlsTrust StandardTrust = new();

    /// <summary>How to measure; a port alone says <c>tcp</c>.</summary>
    public CheckKind? Kind { get; init; }

    /// <inheritdoc cref="Check.Port"/>
    public int? Port { get; init; }

    /// <inheritdoc cref="Check.Region"/>
    public string? Region { get; init; }

    /// <summary>Words to filter by, the outer ones first, none twice.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <inheritdoc cref="Check.Family"/>
    public FamilyChoice? Family { get; init; }

    /// <inheritdoc cref="Check.Interval"/>
    public TimeSpan? Interval { get; init; }

    /// <inheritdoc cref="Check.Packets"/>
    public int? Packets { get; init; }

    /// <inheritdoc cref="Check.Timeout"/>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc cref="Check.Size"/>
    public int? Size { get; init; }

    /// <inheritdoc cref="Check.TimeToLive"/>
    public byte? TimeToLive { get; init; }

    /// <inheritdoc cref="Check.TypeOfService"/>
    public byte? TypeOfService { get; init; }

    /// <inheritdoc cref="Check.DontFragment"/>
    public bool? DontFragment { get; init; }

    /// <summary>How TLS is spoken, and for a TCP check whether it is.</summary>
    public TlsChoice? Tls { get; init; }

    /// <summary>The lines of a TCP check.</summary>
    public ValueList<TcpDialogueStep>? Dialogue { get; init; }

    /// <summary>How an HTTP check asks, what holds around included; null = as around.</summary>
    public HttpSettings? Http { get; init; }

    /// <summary>What a DNS check asks, what holds around included; null = as around.</summary>
    public DnsSettings? Dns { get; init; }

    /// <inheritdoc cref="PushSettings.Grace"/>
    public TimeSpan? Grace { get; init; }

    /// <summary>These settings, and where they say nothing those of the place around. Tags add up.</summary>
    public CheckSettings Over(CheckSettings outer) => new()
    {
        Kind = Kind ?? outer.Kind,
        Port = Port ?? (Kind == CheckKind.Dns && outer.Kind != CheckKind.Dns ? null : outer.Port),   // not tcp's
        Region = Region ?? outer.Region,
        Tags = Tags.IsEmpty ? outer.Tags : [.. outer.Tags.Union(Tags)],
        Family = Family ?? outer.Family,
        Interval = Interval ?? outer.Interval,
        Packets = Packets ?? outer.Packets,
        Timeout = Timeout ?? outer.Timeout,
        Size = Size ?? outer.Size,
        TimeToLive = TimeToLive ?? outer.TimeToLive,
        TypeOfService = TypeOfService ?? outer.TypeOfService,
        DontFragment = DontFragment ?? outer.DontFragment,
        Tls = Tls ?? outer.Tls,
        Dialogue = Dialogue ?? outer.Dialogue,
        Http = Http ?? outer.Http,
        Dns = Dns ?? outer.Dns,
        Grace = Grace ?? outer.Grace,
    };

    /// <summary>What a TCP check does once the connection stands; null = nothing.</summary>
    /// <remarks>Where a step begins TLS, it does not begin with the connection.</remarks>
    public TcpDialogue? ToDialogue()
    {
        var steps = Dialogue ?? [];
        var isTlsFirst = Tls is { IsWanted: true } && !steps.Any(step => step.StartTls);
        return !isTlsFirst && steps.Count == 0 ? null : new TcpDialogue(isTlsFirst, Trust, steps);
    }

    /// <summary>How TLS is spoken.</summary>
    public TlsTrust Trust => Tls?.Trust ?? StandardTrust;
}
