using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sonde.Measurement.Tls;

/// <summary>What a TLS handshake told: its version and cipher, and the facts of the server's certificates.</summary>
public sealed record TlsFindings
{
    private const int MostNames = 100;

    /// <summary>For example <c>TLS 1.3</c>; null when the handshake was not completed.</summary>
    public string? Version { get; init; }

    /// <summary>By IANA's name, for example <c>TLS_AES_128_GCM_SHA256</c>; null when not completed.</summary>
    public string? CipherSuite { get; init; }

    /// <summary>The earliest expiry of the certificates that the server sent.</summary>
    public required DateTimeOffset EarliestExpiry { get; init; }

    /// <summary>The earliest expiry in the chain up to a trusted root; null when no chain could be verified.</summary>
    public required DateTimeOffset? VerifiedChainExpiry { get; init; }

    /// <summary>SHA-256 of the server's own certificate, 64 hexadecimal digits in lower case.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Whom the certificate is for (RFC 4514), for example <c>CN=example.org,O=Example</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Who signed it (RFC 4514).</summary>
    public required string Issuer { get; init; }

    /// <summary>The DNS names of the certificate, at most 100.</summary>
    public required IReadOnlyList<string> DnsNames { get; init; }

    /// <summary>The serial number in hexadecimal, lower case, without leading zeros.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>The facts of a certificate and of what came with it.</summary>
    internal static TlsFindings Read(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var sent = chain?.ChainPolicy.ExtraStore ?? [];
        var isVerified = chain is not null && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return new TlsFindings
        {
            EarliestExpiry = sent.Append(certificate).Min(one => new DateTimeOffset(one.NotAfter)),
            VerifiedChainExpiry = isVerified
                ? chain!.ChainElements.Min(element => new DateTimeOffset(element.Certificate.NotAfter))
                : null,
            Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
            Subject = DistinguishedName.Write(certificate.SubjectName),
            Issuer = DistinguishedName.Write(certificate.IssuerName),
            DnsNames = [.. alternatives?.EnumerateDnsNames().Take(MostNames) ?? []],
            SerialNumber = certificate.SerialNumber.TrimStart('0').ToLowerInvariant(),
        };
    }

    /// <summary>The same with what the completed handshake agreed on.</summary>
    internal TlsFindings Completed(SslStream stream) => this with
    {
        Version = Name(stream.SslProtocol),
        CipherSuite = stream.NegotiatedCipherSuite.ToString(),
    };

    private static string Name(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
#pragma warning disable SYSLIB0039, CA5397 // only named here, never asked for
        SslProtocols.Tls11 => "TLS 1.1",
        SslProtocols.Tls => "TLS 1.0",
#pragma warning restore SYSLIB0039, CA5397
        _ => protocol.ToString(),
    };
}
