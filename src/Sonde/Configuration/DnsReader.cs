using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads what a DNS check asks, and what must come back.</summary>
internal static class DnsReader
{
    /// <summary>The most response codes.</summary>
    public const int MostCodes = 20;

    private const int MostAnswers = 64;
    private const int LongestAnswer = 1000;

    /// <summary>Settings that do not say yet what is asked for.</summary>
    public static readonly DnsSettings Nothing = new() { Query = "" };

    /// <summary>What this place says, over what holds around it; null when it says nothing of DNS.</summary>
    public static DnsSettings? Read(Settings settings, DnsSettings? outer)
    {
        if (!Array.Exists(KnownKeys.Dns, settings.Has))
        {
            return null;
        }
        var dns = outer ?? Nothing;
        return dns with
        {
            Query = ReadName(settings, "query") ?? dns.Query,
            RecordType = DnsWordList.Read(settings, "recordType", DnsWordList.ReadType) ?? dns.RecordType,
            Class = DnsWordList.Read(settings, "dnsClass", DnsWordList.ReadClass) ?? dns.Class,
            Transport = settings.Choice(
                "transport",
                ("udp", DnsTransportWish.Udp), ("tcp", DnsTransportWish.Tcp), ("tls", DnsTransportWish.Tls))
                ?? dns.Transport,
            Recursion = settings.Flag("recursion") ?? dns.Recursion,
            ResponseCodes = ReadCodes(settings, "expectRcode") ?? dns.ResponseCodes,
            Answers = settings.Has("expectAnswer")
                ? [.. settings.Texts("expectAnswer", MostAnswers, LongestAnswer).Select(answer => answer.Text)]
                : dns.Answers,
            Patterns =
            [
                .. ReadPatterns(settings, "matchAnswer", DnsPatternRule.FailsIfNoneMatches, dns),
                .. ReadPatterns(settings, "rejectAnswer", DnsPatternRule.FailsIfAnyMatches, dns),
            ],
        };
    }

    /// <summary>A name to ask for.</summary>
    public static string? ReadName(Settings settings, string key)
    {
        var name = settings.Text(key, 254, "a name to ask for");
        if (name is not null && !DnsWordList.IsName(name))
        {
            settings.Problems.Add(settings.PlaceOf(key), $"{settings.Written(key)} is no name that can be asked for");
        }
        return name;
    }

    /// <summary>Response codes; null when not written.</summary>
    public static ValueList<string>? ReadCodes(Settings settings, string key) => !settings.Has(key) ? null
        : [.. settings.Texts(key, MostCodes, longest: 20)
            .Select(code => DnsWordList.ReadResponseCode(settings, code.Written, code.Text))
            .OfType<string>()];

    private static IEnumerable<RecordPattern> ReadPatterns(
        Settings settings, string key, DnsPatternRule rule, DnsSettings outer) =>
        PatternText.ReadList(settings, key)?.Select(pattern => new RecordPattern(DnsSection.Answer, rule, pattern))
        ?? outer.Patterns.Where(pattern => pattern.Rule == rule);
}
