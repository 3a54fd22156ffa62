using System.Net;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>A check as the file has it, with the places that problems of it are told at.</summary>
/// <param name="Host">The target's host.</param>
/// <param name="Settings">What holds for it, all places around it included.</param>
/// <param name="Place">Where its name stands, or else its address.</param>
/// <param name="Written">The same as the file has it, quoted, without the values of variables.</param>
internal sealed record CheckDraft(string Host, CheckSettings Settings, Place Place, string Written)
{
    /// <summary>The name that was given; null = the address.</summary>
    public string? Name { get; init; }

    /// <summary>Where the address stands.</summary>
    public required Place AddressPlace { get; init; }

    /// <inheritdoc cref="Check.Group"/>
    public string? Group { get; init; }

    /// <summary>The family that the target itself says; null = it comes from around it, or from nowhere.</summary>
    public FamilyChoice? OwnFamily { get; init; }

    /// <summary>The id that was given; null = the slug of kind and name.</summary>
    public CheckId? Id { get; init; }

    /// <summary>Where the id stands; meaningless without one.</summary>
    public Place IdPlace { get; init; }

    /// <inheritdoc cref="Check.RenamedFrom"/>
    public CheckId? RenamedFrom { get; init; }

    /// <summary>Where <c>renamedFrom</c> stands; meaningless without one.</summary>
    public Place RenamedFromPlace { get; init; }

    /// <summary>How it measures.</summary>
    public CheckKind Kind => Settings.Kind ?? CheckKind.Icmp;

    /// <summary>Why the address does not fit the settings; null when it does.</summary>
    public string? FindProblem()
    {
        if (Kind == CheckKind.Tcp && Settings.Port is null)
        {
            return "a tcp check needs a port: write the address as host:port, or add 'port'";
        }
        if (LiteralFamily() is not { } literal)
        {
            return null;
        }
        return Settings.Family switch
        {
            FamilyChoice.Four or FamilyChoice.Six when Settings.Family != literal =>
                $"this is an IPv{(byte)literal} address, and 'family: {(byte)Settings.Family}' holds for it",
            FamilyChoice.Both when OwnFamily is not null => "an IP address has one family: 'both' needs a host name",
            _ => null,
        };
    }

    /// <summary>The check itself.</summary>
    public Check ToCheck()
    {
        var unnamed = new Check
        {
            Id = default,
            Name = "",
            Kind = Kind,
            Host = Host,
            Port = Kind == CheckKind.Tcp ? Settings.Port : null,
            Group = Group,
            Region = Settings.Region,
            Tags = Settings.Tags,
            RenamedFrom = RenamedFrom,
            Dialogue = Kind == CheckKind.Tcp ? Settings.ToDialogue() : null,
        };
        var name = Name ?? unnamed.Address;
        var check = unnamed with { Name = name, Id = Id ?? CheckId.FromName(Kind, name) };
        var measured = check with
        {
            Family = FamilyOfLiteral(Settings.Family ?? check.Family),
            Interval = Settings.Interval ?? check.Interval,
            Packets = Settings.Packets ?? check.Packets,
            Timeout = Settings.Timeout ?? check.Timeout,
        };
        return Kind != CheckKind.Icmp ? measured : measured with
        {
            Size = Settings.Size ?? check.Size,
            TimeToLive = Settings.TimeToLive,
            TypeOfService = Settings.TypeOfService ?? check.TypeOfService,
            DontFragment = Settings.DontFragment ?? check.DontFragment,
        };
    }

    /// <summary>A group's <c>family: both</c> means for an IP address the one family that it has.</summary>
    private FamilyChoice FamilyOfLiteral(FamilyChoice family) =>
        family == FamilyChoice.Both && LiteralFamily() is { } literal ? literal : family;

    private FamilyChoice? LiteralFamily() => IPAddress.TryParse(Host, out _)
        ? Host.Contains(':', StringComparison.Ordinal) ? FamilyChoice.Six : FamilyChoice.Four
        : null;
}
