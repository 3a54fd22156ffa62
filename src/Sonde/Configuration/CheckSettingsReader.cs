using System.Collections.Immutable;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads the keys that <c>defaults</c>, a group and a target have in common.</summary>
internal static class CheckSettingsReader
{
    /// <summary>The longest region.</summary>
    public const int LongestRegion = 100;

    /// <summary>The longest tag.</summary>
    public const int LongestTag = 50;

    /// <summary>The most tags at one place.</summary>
    public const int MostTags = 20;

    /// <summary>The shortest interval.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest interval.</summary>
    public static readonly TimeSpan MostInterval = TimeSpan.FromDays(1);

    /// <summary>The shortest timeout.</summary>
    public static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest timeout.</summary>
    public static readonly TimeSpan MostTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The interval that these settings say.</summary>
    public static TimeSpan? ReadInterval(Settings settings) =>
        settings.Duration("interval", LeastInterval, MostInterval);

    /// <summary>The probes of a round that these settings say.</summary>
    /// <param name="settings">The mapping.</param>
    /// <param name="key"><c>packets</c>, or in the plain form <c>probes</c>.</param>
    public static int? ReadPackets(Settings settings, string key) => settings.Integer(key, 1, 100);

    /// <summary>All settings of one place.</summary>
    /// <param name="settings">The place.</param>
    /// <param name="outer">What holds around it; what is said of HTTP and DNS is laid over it.</param>
    public static CheckSettings Read(Settings settings, CheckSettings outer)
    {
        var port = settings.Integer("port", 1, 65_535);
        var kind = settings.Choice(
            "kind",
            ("icmp", CheckKind.Icmp),
            ("tcp", CheckKind.Tcp),
            ("http", CheckKind.Http),
            ("dns", CheckKind.Dns),
            ("push", CheckKind.Push));
        if (kind == CheckKind.Icmp && port is not null)
        {
            settings.Problems.Add(
                settings.PlaceOfKey("port"),
                "'port' and 'kind: icmp' contradict each other: icmp has no ports");
        }
        return new CheckSettings
        {
            Kind = kind ?? (port is null || outer.Kind == CheckKind.Dns ? null : CheckKind.Tcp),
            Port = port,
            Region = settings.Text("region", LongestRegion),
            Tags = ReadTags(settings),
            Family = settings.Choice(
                "family",
                ("auto", FamilyChoice.Auto),
                ("4", FamilyChoice.Four),
                ("6", FamilyChoice.Six),
                ("both", FamilyChoice.Both)),
            Interval = ReadInterval(settings),
            Packets = ReadPackets(settings, "packets"),
            Timeout = settings.Duration("timeout", LeastTimeout, MostTimeout),
            Size = settings.Integer("size", 16, 65_000),
            TimeToLive = (byte?)settings.Integer("ttl", 1, 255),
            TypeOfService = (byte?)settings.Integer("tos", 0, 255),
            DontFragment = settings.Flag("dontFragment"),
            Tls = TlsReader.Read(settings),
            Dialogue = DialogueReader.Read(settings),
            Http = HttpReader.Read(settings, outer.Http),
            Dns = DnsReader.Read(settings, outer.Dns),
            Grace = settings.Duration("grace", TimeSpan.Zero, MostInterval),
        };
    }

    private static ImmutableArray<string> ReadTags(Settings settings)
    {
        var tags = new List<string>();
        foreach (var (tag, written) in settings.Texts("tags", MostTags, LongestTag))
        {
            if (tags.Contains(tag))
            {
                settings.Problems.Add(written.Place, $"the tag {Quoted.Value(written)} is written twice");
            }
            else if (tag.Contains(',', StringComparison.Ordinal))
            {
                settings.Problems.Add(written.Place, "a tag has no commas: write several as a list [one, two]");
            }
            else
            {
                tags.Add(tag);
            }
        }
        return [.. tags];
    }
}
