using System.Net;
using Sonde.Measurement.Dns;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>Makes of a DNS check what its prober understands.</summary>
internal static class DnsTargets
{
    /// <param name="check">A check of the kind dns; its words were read with the configuration.</param>
    /// <param name="address">The resolver's address.</param>
    /// <param name="owner">The run that is told of late answers; null = nobody is.</param>
    /// <param name="isPlain">True to ask without EDNS, and to take a truncated answer as it is.</param>
    /// <exception cref="ArgumentException">A word of the check is none of DNS.</exception>
    public static DnsTarget For(Check check, IPAddress address, object? owner, bool isPlain = false)
    {
        var dns = check.Dns ?? throw new ArgumentException("A DNS check says what it asks.", nameof(check));
        var isTls = dns.Transport == DnsTransportWish.Tls;
        return new DnsTarget(
            address, check.Timeout, QuestionOf(dns, isPlain), check.Port, TransportOf(dns.Transport),
            isTls ? TlsTargets.For(dns.Tls, check.Host) : null, ExpectationsOf(dns))
        {
            Owner = owner,
            FallsBackToTcp = !isPlain,
        };
    }

    /// <summary>What is asked.</summary>
    /// <param name="dns">The words of the question.</param>
    /// <param name="isPlain">True to leave EDNS out.</param>
    /// <exception cref="ArgumentException">A word of it is none of DNS.</exception>
    public static DnsQuestion QuestionOf(DnsSettings dns, bool isPlain = false)
    {
        if (!DnsWords.TryParseType(dns.RecordType, out var type) || !DnsWords.TryParseClass(dns.Class, out var ofClass))
        {
            throw new ArgumentException($"'{dns.RecordType}' or '{dns.Class}' is no word of DNS.", nameof(dns));
        }
        var name = type == DnsRecordType.AddressName && IPAddress.TryParse(dns.Query, out var address)
            ? DnsName.ForAddress(address)
            : DnsName.TryParse(dns.Query, out var parsed) ? parsed
            : throw new ArgumentException($"'{dns.Query}' is no name.", nameof(dns));
        return new DnsQuestion(name, type, ofClass) { IsRecursionDesired = dns.Recursion, HasEdns = !isPlain };
    }

    private static DnsTransport TransportOf(DnsTransportWish wish) => wish switch
    {
        DnsTransportWish.Tcp => DnsTransport.Tcp,
        DnsTransportWish.Tls => DnsTransport.Tls,
        _ => DnsTransport.Udp,
    };

    private static DnsExpectations ExpectationsOf(DnsSettings dns) => new(
        [.. dns.ResponseCodes.Select(CodeOf)], dns.Answers)
    {
        AnswerRules = RulesOf(dns, DnsSection.Answer),
        AuthorityRules = RulesOf(dns, DnsSection.Authority),
        AdditionalRules = RulesOf(dns, DnsSection.Additional),
    };

    private static DnsResponseCode CodeOf(string word) => DnsWords.TryParseResponseCode(word, out var code)
        ? code
        : throw new ArgumentException($"'{word}' is no response code.", nameof(word));

    private static DnsSectionRules RulesOf(DnsSettings dns, DnsSection section)
    {
        return new DnsSectionRules(
            Patterns(DnsPatternRule.FailsIfAnyMatches), Patterns(DnsPatternRule.FailsIfAllMatch),
            Patterns(DnsPatternRule.FailsIfAnyDiffers), Patterns(DnsPatternRule.FailsIfNoneMatches));

        string[] Patterns(DnsPatternRule rule) =>
            [.. dns.Patterns.Where(one => one.Section == section && one.Rule == rule).Select(one => one.Pattern)];
    }
}
