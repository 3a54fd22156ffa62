using System.Collections.Immutable;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>What <c>defaults</c>, a group or a target says of its checks; null = not said there.</summary>
internal sealed record CheckSettings
{
    /// <summary>Nothing said: Sonde's own defaults hold.</summary>
    public static readonly CheckSettings None = new();

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

    /// <summary>The TLS handshake of a TCP check.</summary>
    public TlsChoice? Tls { get; init; }

    /// <summary>The lines of a TCP check.</summary>
    public ImmutableArray<TcpDialogueStep>? Dialogue { get; init; }

    /// <summary>These settings, and where they say nothing those of the place around. Tags add up.</summary>
    public CheckSettings Over(CheckSettings outer) => new()
    {
        Kind = Kind ?? outer.Kind,
        Port = Port ?? outer.Port,
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
    };

    /// <summary>What a TCP check does once the connection stands; null = nothing.</summary>
    /// <remarks>Where a step begins TLS, it does not begin with the connection.</remarks>
    public TcpDialogue? ToDialogue()
    {
        var steps = Dialogue ?? [];
        var isTlsFirst = Tls is { IsWanted: true } && !steps.Any(step => step.StartTls);
        return !isTlsFirst && steps.IsEmpty
            ? null
            : new TcpDialogue(isTlsFirst, Tls?.ServerName, Tls?.Verify ?? true, steps);
    }
}

/// <summary>The <c>tls</c> of a target: <c>true</c>, <c>false</c> or <c>{serverName, verify}</c>.</summary>
internal sealed record TlsChoice(bool IsWanted, string? ServerName, bool Verify);
