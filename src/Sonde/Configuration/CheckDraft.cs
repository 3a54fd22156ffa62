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
    private const int LongestNameOfUrl = TargetsReader.LongestName;

    /// <summary>The name that was given; null = the address.</summary>
    public string? Name { get; init; }

    /// <summary>The URL of an HTTP check; null when the address is none.</summary>
    public Uri? Url { get; init; }

    /// <summary>The token of a push check; null for other kinds.</summary>
    public string? Token { get; init; }

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
    public string? FindProblem() => Kind switch
    {
        CheckKind.Tcp when Settings.Port is null =>
            "a tcp check needs a port: write the address as host:port, or add 'port'",
        CheckKind.Http when Url is null => "an http check needs a URL: write the address as https://host/path",
        CheckKind.Dns when Settings.Dns is null or { Query: "" } => "a dns check needs 'query', the name to ask for",
        CheckKind.Push when Settings.Interval is null => "a push check needs 'interval': how often the job calls",
        CheckKind.Push => null,
        _ => FindProblemOfFamily() ?? FindProblemOfName(),
    };

    /// <summary>The check itself.</summary>
    public Check ToCheck()
    {
        var unnamed = new Check
        {
            Id = default,
            Name = "",
            Kind = Kind,
            Host = Host,
            Port = Kind is CheckKind.Tcp or CheckKind.Dns ? Settings.Port : null,
            Group = Group,
            Region = Settings.Region,
            Tags = Settings.Tags,
            RenamedFrom = RenamedFrom,
            Dialogue = Kind == CheckKind.Tcp ? Settings.ToDialogue() : null,
            Url = Kind == CheckKind.Http ? Url : null,
            Http = Kind == CheckKind.Http ? (Settings.Http ?? new HttpSettings()) with { Tls = Settings.Trust } : null,
            Dns = Kind == CheckKind.Dns ? Settings.Dns! with { Tls = Settings.Trust } : null,
        };
        var name = Name ?? unnamed.Address;
        var check = unnamed with { Name = name, Id = Id ?? CheckId.FromName(Kind, name) };
        check = check with { Interval = Settings.Interval ?? check.Interval };
        if (Kind == CheckKind.Push)
        {
            return check with { Push = new PushSettings(Token!) { Grace = Settings.Grace ?? check.Interval / 10 } };
        }
        var measured = check with
        {
            Family = FamilyOfLiteral(Settings.Family ?? check.Family),
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

    private string? FindProblemOfFamily() => (LiteralFamily(), Settings.Family) switch
    {
        ({ } literal, FamilyChoice.Four or FamilyChoice.Six) when Settings.Family != literal =>
            $"this is an IPv{(byte)literal} address, and 'family: {(byte)Settings.Family}' holds for it",
        ({ }, FamilyChoice.Both) when OwnFamily is not null =>
            "an IP address has one family: 'both' needs a host name",
        _ => null,
    };

    /// <summary>The address becomes the name where none is given; not every URL can.</summary>
    private string? FindProblemOfName() =>
        Name is null && Url is not null && (Url.OriginalString.Length > LongestNameOfUrl
            || ToCheck().Address.Any(char.IsControl))
            ? $"a URL of more than {LongestNameOfUrl} characters, or with signs that cannot be shown, needs a 'name'"
            : null;

    /// <summary>A group's <c>family: both</c> means for an IP address the one family that it has.</summary>
    private FamilyChoice FamilyOfLiteral(FamilyChoice family) =>
        family == FamilyChoice.Both && LiteralFamily() is { } literal ? literal : family;

    private FamilyChoice? LiteralFamily() => IPAddress.TryParse(Host, out _)
        ? Host.Contains(':', StringComparison.Ordinal) ? FamilyChoice.Six : FamilyChoice.Four
        : null;
}
