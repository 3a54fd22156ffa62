using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sonde.Measurement.Tls;

/// <summary>Sees the server's certificate of one handshake: notes its facts, and accepts it or notes why not.</summary>
/// <param name="settings">Whether a certificate that is not valid is refused.</param>
/// <param name="serverName">The name that is wanted.</param>
/// <param name="now">The time of the probe, UTC.</param>
internal sealed class PeerJudge(TlsSettings settings, string serverName, DateTimeOffset now)
{
    /// <summary>Why the certificate is refused, in words; null when it is not.</summary>
    public string? Fault { get; private set; }

    /// <summary>The facts of the certificate; null before it was seen, and when there was none.</summary>
    public TlsFindings? Findings { get; private set; }

    /// <summary>What the handshake asks.</summary>
    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var leaf = certificate as X509Certificate2;
        Findings = leaf is null ? null : TlsFindings.Read(leaf, chain, errors);
        if (errors != SslPolicyErrors.None && settings.Verify)
        {
            Fault = CertificateFault.Describe(leaf, chain, errors, serverName, now);
        }
        return Fault is null;
    }

    /// <summary>Notes what the completed handshake agreed on.</summary>
    public void Complete(SslStream stream) => Findings = Findings?.Completed(stream);
}
