using Sonde.Measurement.Dns;
using Sonde.Metrics;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>The metrics of DNS probes.</summary>
internal static class DnsFamilies
{
    /// <summary>All of them.</summary>
    public static readonly FamilyOf<ProbeOutcome>[] All =
    [
        ProbeFamilies.Phases("probe_dns_duration_seconds", "How long each part of the probe took", ReadPhases),
        Gauge("probe_dns_answer_rrs", "How many records answer the question", static dns => dns?.AnswerCount ?? 0),
        Gauge("probe_dns_authority_rrs", "How many records say who has authority",
            static dns => dns?.AuthorityCount ?? 0),
        Gauge("probe_dns_additional_rrs", "How many further records there are",
            static dns => dns?.AdditionalCount ?? 0),
        Gauge("probe_dns_query_succeeded", "1 when an answer came, whatever it says",
            static dns => dns?.ResponseCode is null ? 0 : 1),
        ProbeFamilies.Gauge("probe_dns_serial", "The serial number of the zone, where its SOA record is asked for",
            static outcome => outcome.Module.Dns is { RecordType: "SOA" } ? FindingsOf(outcome)?.Serial : null),
    ];

    private static FamilyOf<ProbeOutcome> Gauge(string name, string help, Func<DnsFindings?, double?> value) =>
        ProbeFamilies.Gauge(name, help, outcome =>
            outcome.Module.Kind == CheckKind.Dns ? value(FindingsOf(outcome)) : null);

    private static DnsFindings? FindingsOf(ProbeOutcome outcome) => outcome.Result?.Findings as DnsFindings;

    /// <summary>While no answer came, the time since the connection stands for the request.</summary>
    private static (string Phase, TimeSpan Duration)[] ReadPhases(ProbeOutcome outcome)
    {
        if (outcome.Module.Kind != CheckKind.Dns)
        {
            return [];
        }
        if (!outcome.HasAddress)
        {
            return [("connect", TimeSpan.Zero), ("request", TimeSpan.Zero), ("resolve", TimeSpan.Zero)];
        }
        var findings = FindingsOf(outcome);
        var connect = findings is null or { Transport: DnsTransport.Udp }
            ? outcome.Setup
            : (findings.Connect ?? TimeSpan.Zero) + (findings.Tls ?? TimeSpan.Zero);
        var rest = outcome.Duration - outcome.Resolve - connect;
        var request = findings?.Request ?? (rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        return [("connect", connect), ("request", request), ("resolve", outcome.Resolve)];
    }
}
