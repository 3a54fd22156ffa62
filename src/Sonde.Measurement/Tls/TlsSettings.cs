using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Sonde.Measurement.Tls;

/// <summary>How TLS is spoken on a connection, and whom it trusts.</summary>
/// <param name="serverName">
/// The name that the certificate must carry and that is sent as SNI (RFC 6066); an address is not sent.
/// </param>
/// <param name="verify">False accepts every certificate; default true.</param>
/// <param name="authorities">Trusted roots instead of the system's; null for the system's.</param>
public sealed class TlsSettings(string serverName, bool verify = true, X509Certificate2Collection? authorities = null)
{
    /// <summary>The name that the certificate must carry.</summary>
    public string ServerName { get; } = serverName;

    /// <summary>Whether a certificate that is expired, for another name or not trusted loses the probe.</summary>
    public bool Verify { get; } = verify;

    /// <summary>Trusted roots instead of the system's; null for the system's.</summary>
    public X509Certificate2Collection? Authorities { get; } = authorities;

    /// <summary>What this side shows when the server asks who it is, with its key; default null, nothing.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The versions that are offered; default none named, which leaves it to the system.</summary>
    public SslProtocols Protocols { get; init; }

    /// <summary>What a handshake of one probe is made with.</summary>
    /// <param name="judge">
    /// Sees each certificate, and decides: it is called with what is wrong about it, also with nothing.
    /// </param>
    internal SslClientAuthenticationOptions MakeOptions(RemoteCertificateValidationCallback judge) => new()
    {
        TargetHost = ServerName,
        AllowTlsResume = false,   // every probe does the same work and sees the certificate
        EnabledSslProtocols = Protocols,
        ClientCertificates = ClientCertificate is null ? null : [ClientCertificate],
        CertificateChainPolicy = MakeChainPolicy(),
        RemoteCertificateValidationCallback = judge,
    };

    /// <summary>
    /// The rules by which a chain is built. Nothing is fetched for it, neither revocation lists nor missing issuers: a
    /// probe talks to no host that nobody named.
    /// </summary>
    private X509ChainPolicy MakeChainPolicy()
    {
        X509ChainPolicy policy = new()
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (Authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Authorities);
        }
        return policy;
    }
}
