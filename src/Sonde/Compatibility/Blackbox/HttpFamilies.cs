using Sonde.Measurement.Http;
using Sonde.Metrics;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>The metrics of HTTP probes.</summary>
internal static class HttpFamilies
{
    private static readonly HttpFindings Nothing = new([]);

    /// <summary>All of them.</summary>
    public static readonly FamilyOf<ProbeOutcome>[] All =
    [
        ProbeFamilies.Phases(
            "probe_http_duration_seconds", "How long each phase took, of all redirects together", ReadPhases),
        Gauge("probe_http_status_code", "The status of the answer; 0 when there was none",
            static findings => findings.StatusCode),
        Gauge("probe_http_content_length", "The header Content-Length of the answer; -1 when it has none",
            static findings => findings.StatusCode == 0 ? 0 : findings.ContentLength),
        Gauge("probe_http_uncompressed_body_length", "Bytes of the body as far as it was read, decompressed",
            static findings => findings.BodyLength),
        Gauge("probe_http_redirects", "How many redirects were followed", static findings => findings.Redirects),
        Gauge("probe_http_ssl", "1 when the last answer came over TLS",
            static findings => findings is { IsTls: true, StatusCode: not 0 } ? 1 : 0),
        Gauge("probe_http_version", "The version of HTTP of the answer; 0 when there was none",
            static findings => findings.HttpVersion is { } version ? version.Major + (version.Minor / 10.0) : 0),
        Gauge("probe_http_last_modified_timestamp_seconds", "The header Last-Modified, in seconds since 1970 UTC",
            static findings => findings.LastModified?.ToUnixTimeSeconds()),
    ];

    private static FamilyOf<ProbeOutcome> Gauge(string name, string help, Func<HttpFindings, double?> value) =>
        ProbeFamilies.Gauge(name, help, outcome => outcome.Module.Kind == CheckKind.Http
            ? value(ProbeFamilies.HttpOf(outcome) ?? Nothing)
            : null);

    private static (string Phase, TimeSpan Duration)[] ReadPhases(ProbeOutcome outcome)
    {
        if (outcome.Module.Kind != CheckKind.Http || outcome is { Lookup: null, Result: null })
        {
            return [];
        }
        if (outcome.Lookup is { Address: null } failed)
        {
            return [("resolve", failed.Duration)];
        }
        var phases = (ProbeFamilies.HttpOf(outcome) ?? Nothing).Phases;
        return
        [
            ("connect", phases.Connect), ("processing", phases.Processing),
            ("resolve", outcome.Resolve + phases.Resolve), ("tls", phases.Tls), ("transfer", phases.Transfer),
        ];
    }
}
