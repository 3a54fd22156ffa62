using Sonde.Measurement.Http;
using Sonde.Measurement.Tcp;
using Sonde.Metrics;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>
/// The metrics of a probe, with the names and labels of blackbox_exporter: each kind has its own, lost or answered,
/// and what was not learnt is 0 or missing as there.
/// </summary>
internal static class ProbeFamilies
{
    private static readonly FamilyOf<ProbeOutcome>[] OfAllKinds =
    [
        Gauge("probe_duration_seconds", "How long the probe took, the resolving of the name included",
            static outcome => outcome.Duration.TotalSeconds),
        Gauge("probe_success", "1 when the target answered as it should, 0 when it did not",
            static outcome => outcome.IsSuccess ? 1 : 0),
        Gauge("probe_timeout_seconds", "How long the probe might take",
            static outcome => outcome.Timeout.TotalSeconds),
        Gauge("probe_dns_lookup_time_seconds", "How long it took to resolve the name of the target",
            static outcome => outcome.Lookup?.Duration.TotalSeconds),
        Gauge("probe_ip_protocol", "The IP version that was probed over, 4 or 6; 0 when the name has no address",
            static outcome => outcome.Lookup is null ? null : AddressNumbers.VersionOf(outcome.Lookup.Address)),
        Gauge("probe_ip_addr_hash", "A hash of the address, by which its change is seen; 0 when there is none",
            static outcome => outcome.Lookup is null ? null : AddressNumbers.HashOf(outcome.Lookup.Address)),
    ];

    private static readonly FamilyOf<ProbeOutcome>[] OfTcp =
    [
        Gauge("probe_failed_due_to_regex", "1 when a pattern failed the probe",
            static outcome => outcome.Module.Kind switch
            {
                CheckKind.Http => HttpOf(outcome) is { FailedByPattern: true } ? 1 : 0,
                CheckKind.Tcp => TcpOf(outcome) is { FailedByPattern: true } ? 1 : 0,
                _ => null,
            }),
        FamilyOf<ProbeOutcome>.Gauge(
            "probe_expect_info", "What the awaited line told, as labels",
            static (writer, outcome) =>
            {
                if (TcpOf(outcome) is { Labels: { Count: > 0 } labels })
                {
                    writer.Write(1, Labels.Of([.. labels.Select(label => (label.Key, label.Value))]));
                }
            }),
    ];

    private static readonly FamilyOf<ProbeOutcome>[] OfIcmp =
    [
        Phases(
            "probe_icmp_duration_seconds", "How long each part of the probe took",
            static outcome => outcome.Module.Kind == CheckKind.Icmp
                ? [
                    ("resolve", outcome.Resolve), ("rtt", RttOf(outcome)),
                    ("setup", outcome.HasAddress ? outcome.Setup : TimeSpan.Zero),
                ]
                : []),
        Gauge("probe_icmp_reply_hop_limit", "The hop limit that was left in the reply (time to live in IPv4)",
            static outcome => outcome.Module.Kind == CheckKind.Icmp ? outcome.Result?.TimeToLive : null),
    ];

    /// <summary>All of them, by their names.</summary>
    public static readonly FamilyOf<ProbeOutcome>[] All =
    [
        .. new[] { OfAllKinds, OfTcp, OfIcmp, HttpFamilies.All, DnsFamilies.All, TlsFamilies.All }
            .SelectMany(families => families).OrderBy(family => family.Family.Name, StringComparer.Ordinal),
    ];

    /// <summary>A number; missing where it is null.</summary>
    public static FamilyOf<ProbeOutcome> Gauge(string name, string help, Func<ProbeOutcome, double?> value) =>
        FamilyOf<ProbeOutcome>.Gauge(name, help, (writer, outcome) =>
        {
            if (value(outcome) is { } known)
            {
                writer.Write(known);
            }
        });

    /// <summary>Durations with the label <c>phase</c>.</summary>
    public static FamilyOf<ProbeOutcome> Phases(
        string name, string help, Func<ProbeOutcome, (string Phase, TimeSpan Duration)[]> durations) =>
        FamilyOf<ProbeOutcome>.Gauge(name, help, (writer, outcome) =>
        {
            foreach (var (phase, duration) in durations(outcome))
            {
                writer.Write(duration.TotalSeconds, Labels.Of(("phase", phase)));
            }
        });

    /// <summary>What an HTTP probe found; null of other kinds, and when there was no probe.</summary>
    public static HttpFindings? HttpOf(ProbeOutcome outcome) => outcome.Result?.Findings as HttpFindings;

    /// <summary>What a TCP probe with TLS or a dialogue found; null of others.</summary>
    public static TcpFindings? TcpOf(ProbeOutcome outcome) => outcome.Result?.Findings as TcpFindings;

    private static TimeSpan RttOf(ProbeOutcome outcome) =>
        TimeSpan.FromMicroseconds((outcome.Result?.Rtt.Nanoseconds ?? 0) / 1e3);
}
