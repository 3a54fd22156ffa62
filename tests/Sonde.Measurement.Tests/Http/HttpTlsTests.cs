using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sonde.Measurement.Http;
using Sonde.Measurement.Tests.Tcp;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Http;

public sealed class HttpTlsTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);
    private readonly Certificates _certificates = new();

    [Fact]
    public void A_trusted_certificate_tells_its_facts()
    {
        using var certificate = _certificates.Issue("127.0.0.1", TimeSpan.FromDays(-1), TimeSpan.FromDays(10));

        var result = Probe(certificate);

        Assert.True(result.IsAnswered, result.ToString());
        var found = (HttpFindings)result.Findings!;
        var tls = found.Tls!;
        Assert.True(found.IsTls);
        Assert.Equal("TLS 1.3", tls.Version);
        Assert.StartsWith("TLS_", tls.CipherSuite, StringComparison.Ordinal);
        Assert.Equal("CN=127.0.0.1", tls.Subject);
        Assert.Equal("CN=Sonde test authority", tls.Issuer);
        Assert.Equal(certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(), tls.Fingerprint);
        Assert.Equal(new DateTimeOffset(certificate.NotAfter), tls.EarliestExpiry);
        Assert.Equal(new DateTimeOffset(certificate.NotAfter), tls.VerifiedChainExpiry);
        Assert.Equal(
            ["connect", "tls", "processing", "transfer", "certificate"], found.Quantities.Select(one => one.Quantity));
        Assert.InRange(found.Quantities[^1].Value, (10 * 86_400) - 60, 10 * 86_400);
        Assert.Equal("s", found.Quantities[^1].Unit);
    }

    [Fact]
    public void An_expired_certificate_says_since_when_and_counts_below_zero()
    {
        using var certificate = _certificates.Issue("127.0.0.1", TimeSpan.FromDays(-9), TimeSpan.FromDays(-3.5));

        var result = Probe(certificate);

        Assert.Equal(LossReason.TlsCertificate, result.Loss);
        Assert.Equal("certificate expired 3 days ago", result.Detail);
        var quantities = result.Findings!.Quantities;
        Assert.Contains(new("tls", "us", 0, LossReason.TlsCertificate), quantities);
        Assert.InRange(quantities[^1].Value, (-3.5 * 86_400) - 60, -3.5 * 86_400);
    }

    [Fact]
    public void A_certificate_for_another_host_is_refused()
    {
        using var certificate = _certificates.IssueValid("other.test");

        var result = Probe(certificate);

        Assert.Equal("certificate is for other.test, not 127.0.0.1", result.Detail);
    }

    [Fact]
    public void A_self_signed_certificate_is_refused_and_passes_unverified()
    {
        using var certificate = Certificates.SelfSigned("127.0.0.1");
        using var server = HttpServer.Answering(HttpServer.Ok(""), certificate);

        var refused = HttpRun.Probe(new HttpTarget(server.Url(), Patient));
        var passed = HttpRun.Probe(
            new HttpTarget(server.Url(), Patient) { Tls = new TlsSettings("127.0.0.1", verify: false) });

        Assert.Equal("not trusted: self-signed", refused.Detail);
        Assert.True(passed.IsAnswered, passed.ToString());
        Assert.Null(((HttpFindings)passed.Findings!).Tls!.VerifiedChainExpiry);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_that_wants_a_certificate_gets_the_clients(bool hasOne)
    {
        using var certificate = _certificates.IssueValid("127.0.0.1");
        using var ours = _certificates.IssueValid("client.test");
        string? seen = null;
        using var server = new HttpServer(
            async visit =>
            {
                _ = await visit.ReadHeadAsync();
                await visit.SendAsync(HttpServer.Ok(""));
            },
            certificate,
            new SslServerAuthenticationOptions
            {
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, shown, _, _) => (seen = shown?.Subject) is not null,
            });
        TlsSettings tls = new("127.0.0.1", authorities: _certificates.Authorities)
        {
            ClientCertificate = hasOne ? ours : null,
        };

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Tls = tls });

        Assert.Equal(hasOne, result.IsAnswered);
        Assert.Equal(hasOne ? "CN=client.test" : null, seen);
        Assert.True(hasOne || result.Loss is LossReason.TlsHandshake or LossReason.Closed or LossReason.Reset,
            result.ToString());
    }

    [Fact]
    public void A_server_without_a_version_that_is_offered_fails_the_handshake()
    {
        using var certificate = _certificates.IssueValid("127.0.0.1");
        using var server = new HttpServer(
            _ => Task.CompletedTask, certificate,
            new SslServerAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 });
        TlsSettings tls = new("127.0.0.1", authorities: _certificates.Authorities) { Protocols = SslProtocols.Tls13 };

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Tls = tls });

        Assert.Equal(LossReason.TlsHandshake, result.Loss);
    }

    [Fact]
    public void A_server_that_hangs_in_the_handshake_times_out_there()
    {
        using var server = new HttpServer(visit => visit.HangAsync());
        UriBuilder url = new(server.Url()) { Scheme = "https" };

        var result = HttpRun.Probe(new HttpTarget(url.Uri, TimeSpan.FromMilliseconds(300)));

        Assert.Equal(LossReason.Timeout, result.Loss);
        Assert.Equal("no answer within 0.3 s: in the TLS handshake", result.Detail);
    }

    [Fact]
    public void TLS_can_be_demanded_and_forbidden()
    {
        using var certificate = _certificates.IssueValid("127.0.0.1");
        using var secure = HttpServer.Answering(HttpServer.Ok(""), certificate);
        using var plain = HttpServer.Answering(HttpServer.Ok(""));

        var forbidden = Probe(secure, new HttpExpectations { FailsIfTls = true });
        var demanded = Probe(plain, new HttpExpectations { FailsIfNotTls = true });

        Assert.Equal("answered over TLS", forbidden.Detail);
        Assert.Equal("answered without TLS", demanded.Detail);
        Assert.True(Probe(secure, new HttpExpectations { FailsIfNotTls = true }).IsAnswered);
    }

    private ProbeResult Probe(X509Certificate2 certificate)
    {
        using var server = HttpServer.Answering(HttpServer.Ok(""), certificate);
        return Probe(server, new HttpExpectations());
    }

    private ProbeResult Probe(HttpServer server, HttpExpectations expectations) =>
        HttpRun.Probe(new HttpTarget(server.Url(), Patient)
        {
            Tls = new TlsSettings("127.0.0.1", authorities: _certificates.Authorities),
            Expectations = expectations,
        });
}
