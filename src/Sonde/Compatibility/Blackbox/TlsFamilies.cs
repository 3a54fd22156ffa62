using Sonde.Measurement.Tls;
using Sonde.Metrics;

namespace Sonde.Compatibility.Blackbox;

/// <summary>The metrics of TLS, where a handshake was completed.</summary>
internal static class TlsFamilies
{
    /// <summary>What stands for "no chain": the year 1, where Go's time begins.</summary>
    private const double NoTime = -62_135_596_800;

    /// <summary>All of them.</summary>
    public static readonly FamilyOf<ProbeOutcome>[] All =
    [
        Gauge("probe_ssl_earliest_cert_expiry",
            "When the first of the certificates that the server sent expires, in seconds since 1970 UTC",
            static (writer, tls) => writer.Write(tls.EarliestExpiry.ToUnixTimeSeconds())),
        Gauge("probe_ssl_last_chain_expiry_timestamp_seconds",
            "When the chain up to a trusted root expires, in seconds since 1970 UTC; year 1 when none is trusted",
            static (writer, tls) => writer.Write(tls.VerifiedChainExpiry?.ToUnixTimeSeconds() ?? NoTime)),
        Gauge("probe_ssl_last_chain_info", "What the server's own certificate says",
            static (writer, tls) => writer.Write(1, Labels.Of(
                ("fingerprint_sha256", tls.Fingerprint), ("issuer", GoName.Of(tls.Issuer)),
                ("subject", GoName.Of(tls.Subject)), ("subjectalternative", string.Join(',', tls.DnsNames)),
                ("serialnumber", tls.SerialNumber)))),
        Gauge("probe_tls_version_info", "The version of TLS that was agreed on",
            static (writer, tls) => writer.Write(1, Labels.Of(("version", tls.Version!)))),
        Gauge("probe_tls_cipher_info", "The cipher suite that was agreed on",
            static (writer, tls) => writer.Write(1, Labels.Of(("cipher", tls.CipherSuite ?? "")))),
    ];

    private static FamilyOf<ProbeOutcome> Gauge(string name, string help, Action<IFormatWriter, TlsFindings> write) =>
        FamilyOf<ProbeOutcome>.Gauge(name, help, (writer, outcome) =>
        {
            if (FindingsOf(outcome) is { Version: not null } tls)
            {
                write(writer, tls);
            }
        });

    /// <summary>Of HTTP only with an answer.</summary>
    private static TlsFindings? FindingsOf(ProbeOutcome outcome) =>
        ProbeFamilies.TcpOf(outcome)?.Tls
        ?? (ProbeFamilies.HttpOf(outcome) is { StatusCode: not 0 } http ? http.Tls : null);
}
