using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Sonde.Measurement.Tls;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>Makes of a check's trust what its prober speaks TLS with.</summary>
internal static class TlsTargets
{
    /// <param name="trust">Whom the check trusts; its certificates were read once with the configuration.</param>
    /// <param name="host">The name that the certificate must bear unless another is said.</param>
    public static TlsSettings For(TlsTrust trust, string host) =>
        new(trust.ServerName ?? host, trust.Verify, AuthoritiesOf(trust))
        {
            ClientCertificate = trust is { Certificate: { } certificate, Key: { } key }
                ? X509Certificate2.CreateFromPem(certificate, key)
                : null,
            Protocols = ProtocolsOf(trust),
        };

    private static X509Certificate2Collection? AuthoritiesOf(TlsTrust trust)
    {
        if (trust.Authorities is null)
        {
            return null;
        }
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPem(trust.Authorities);
        return authorities;
    }

    /// <summary>The versions between the oldest and the newest; none named = the system's choice.</summary>
    private static SslProtocols ProtocolsOf(TlsTrust trust)
    {
        if (trust.MinimumVersion is null && trust.MaximumVersion is null)
        {
            return SslProtocols.None;
        }
#pragma warning disable SYSLIB0039, CA5397, CA5398 // the user asks for them, to see whether a server does
        (string Word, SslProtocols Protocol)[] all =
        [
            ("1.0", SslProtocols.Tls), ("1.1", SslProtocols.Tls11), ("1.2", SslProtocols.Tls12),
            ("1.3", SslProtocols.Tls13),
        ];
#pragma warning restore SYSLIB0039, CA5397, CA5398
        return all
            .Where(one => string.CompareOrdinal(one.Word, trust.MinimumVersion ?? "1.0") >= 0
                && string.CompareOrdinal(one.Word, trust.MaximumVersion ?? "1.3") <= 0)
            .Aggregate(SslProtocols.None, (sum, one) => sum | one.Protocol);
    }
}
