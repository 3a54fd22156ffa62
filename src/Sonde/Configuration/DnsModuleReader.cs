using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads the <c>dns</c> of a module.</summary>
internal static class DnsModuleReader
{
    private static readonly (string Key, DnsPatternRule Rule)[] Rules =
    [
        ("fail_if_matches_regexp", DnsPatternRule.FailsIfAnyMatches),
        ("fail_if_all_match_regexp", DnsPatternRule.FailsIfAllMatch),
        ("fail_if_not_matches_regexp", DnsPatternRule.FailsIfAnyDiffers),
        ("fail_if_none_matches_regexp", DnsPatternRule.FailsIfNoneMatches),
    ];

    /// <summary>What is asked, and what must come back.</summary>
    public static DnsSettings Read(Settings dns)
    {
        dns.Require("query_name");
        var isTls = dns.Flag("dns_over_tls") ?? false;
        var transport = dns.Choice("transport_protocol", ("udp", DnsTransportWish.Udp), ("tcp", DnsTransportWish.Tcp));
        if (isTls && transport != DnsTransportWish.Tcp)
        {
            dns.Problems.Add(dns.PlaceOf("dns_over_tls"), "'dns_over_tls' wants 'transport_protocol: tcp'");
        }
        var standard = new DnsSettings { Query = DnsReader.ReadName(dns, "query_name") ?? "." };
        return standard with
        {
            RecordType = DnsWordList.Read(dns, "query_type", DnsWordList.ReadType) ?? "ANY",
            Class = DnsWordList.Read(dns, "query_class", DnsWordList.ReadClass) ?? standard.Class,
            Recursion = dns.Flag("recursion_desired") ?? standard.Recursion,
            Transport = isTls ? DnsTransportWish.Tls : transport ?? standard.Transport,
            ResponseCodes = dns.Says("valid_rcodes") && DnsReader.ReadCodes(dns, "valid_rcodes") is { } codes
                ? codes : standard.ResponseCodes,
            Patterns =
            [
                .. ReadPatterns(dns, "validate_answer_rrs", DnsSection.Answer),
                .. ReadPatterns(dns, "validate_authority_rrs", DnsSection.Authority),
                .. ReadPatterns(dns, "validate_additional_rrs", DnsSection.Additional),
            ],
            Tls = ModuleTlsReader.Read(dns),
        };
    }

    private static IEnumerable<RecordPattern> ReadPatterns(Settings dns, string key, DnsSection section)
    {
        var records = dns.Section(key, ModuleKeys.Records);
        return Rules.SelectMany(rule => GoPattern.ReadList(records, rule.Key)
            .Select(pattern => new RecordPattern(section, rule.Rule, pattern)));
    }
}
