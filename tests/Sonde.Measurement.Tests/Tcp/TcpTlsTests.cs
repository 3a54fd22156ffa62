using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Tcp;

public sealed class TcpTlsTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private readonly Certificates _certificates = new();

    private TlsSettings Trusting(string name) => new(name, authorities: _certificates.Authorities);

    [Fact]
    public void A_trusted_certificate_passes()
    {
        var result = Probe(_certificates.IssueValid("sonde.test"), Trusting("sonde.test"));

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Fact]
    public void An_address_may_be_the_certificates_name()
    {
        var result = Probe(_certificates.IssueValid("127.0.0.1"), Trusting("127.0.0.1"));

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Fact]
    public async Task A_dialogue_goes_over_TLS_and_ends_in_order()
    {
        using var certificate = _certificates.IssueValid("sonde.test");
        using var server = TcpServer.ShoutingTls(certificate, "+OK\r\n");
        TcpStep[] steps = [new(@"^\+OK", "quit"), new("^QUIT$", null)];

        var result = ProberUnderTest.Probe(server.Target(Trusting("sonde.test"), steps));

        Assert.True(result.IsAnswered, result.ToString());
        var lastRead = await server.LastRead.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0, lastRead);
    }

    [Fact]
    public void An_expired_certificate_says_since_when()
    {
        var certificate = _certificates.Issue("sonde.test", TimeSpan.FromDays(-30), TimeSpan.FromDays(-3.5));

        AssertRefused("certificate expired 3 days ago", Probe(certificate, Trusting("sonde.test")));
    }

    [Fact]
    public void A_certificate_of_the_future_says_until_when()
    {
        var certificate = _certificates.Issue("sonde.test", TimeSpan.FromHours(5.5), TimeSpan.FromDays(3));

        AssertRefused("certificate is not valid yet, for another 5 hours", Probe(certificate, Trusting("sonde.test")));
    }

    [Fact]
    public void A_certificate_for_another_name_says_for_which()
    {
        var result = Probe(_certificates.IssueValid("example.org"), Trusting("sonde.test"));

        AssertRefused("certificate is for example.org, not sonde.test", result);
    }

    [Fact]
    public void A_self_signed_certificate_is_not_trusted()
    {
        var result = Probe(Certificates.SelfSigned("sonde.test"), Trusting("sonde.test"));

        AssertRefused("not trusted: self-signed", result);
    }

    [Fact]
    public void An_unknown_authority_is_not_trusted_and_named()
    {
        var result = Probe(new Certificates().IssueValid("sonde.test"), new TlsSettings("sonde.test"));

        AssertRefused("not trusted: its authority \"CN=Sonde test authority\" is not known here", result);
    }

    [Fact]
    public void Without_verification_any_certificate_passes()
    {
        var result = Probe(Certificates.SelfSigned("example.org"), new TlsSettings("sonde.test", verify: false));

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Fact]
    public void A_server_that_hangs_in_the_handshake_times_out()
    {
        using var server = TcpServer.Silent();

        Assert.Equal(LossReason.Timeout, ProberUnderTest.Probe(server.Target(Short, Trusting("sonde.test"))).Loss);
    }

    [Fact]
    public void A_server_that_closes_in_the_handshake_is_told_as_closed()
    {
        using var server = TcpServer.SayingAndClosing("");

        var result = ProberUnderTest.Probe(server.Target(Trusting("sonde.test")));

        Assert.True(result.Loss is LossReason.Closed or LossReason.Reset, result.ToString());
    }

    [Fact]
    public void A_server_that_resets_in_the_handshake_is_told_as_reset()
    {
        using var server = TcpServer.Resetting(after: 4096);

        Assert.Equal(LossReason.Reset, ProberUnderTest.Probe(server.Target(Trusting("sonde.test"))).Loss);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0015\u0003\u0003\0\u0002\u0002\u0028")]   // a TLS alert: handshake failure
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void A_server_that_does_not_speak_TLS_fails_the_handshake(string garbage)
    {
        using var server = TcpServer.Saying(Encoding.Latin1.GetBytes(garbage));

        var result = ProberUnderTest.Probe(server.Target(Trusting("sonde.test")));

        Assert.Equal(LossReason.TlsHandshake, result.Loss);
        Assert.NotEmpty(result.Detail!);
    }

    [Fact]
    public void Random_bytes_instead_of_TLS_never_pass()
    {
        for (var round = 0; round < 20; round++)
        {
            using var server = TcpServer.Saying(RandomNumberGenerator.GetBytes(200));

            var result = ProberUnderTest.Probe(server.Target(Short, Trusting("sonde.test")));

            Assert.True(result.Loss is LossReason.TlsHandshake or LossReason.Timeout, result.ToString());
        }
    }

    [Fact]
    public async Task A_mail_servers_STARTTLS_is_passed_and_the_dialogue_goes_on_in_TLS()
    {
        using var certificate = _certificates.IssueValid("sonde.test");
        using var server = TcpServer.Mail(certificate);

        var result = ProberUnderTest.Probe(server.Target(null, MailSteps(Trusting("sonde.test"))));

        Assert.True(result.IsAnswered, result.ToString());
        var lastRead = await server.LastRead.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0, lastRead);
    }

    [Fact]
    public void The_certificate_behind_STARTTLS_is_verified()
    {
        using var certificate = Certificates.SelfSigned("sonde.test");
        using var server = TcpServer.Mail(certificate);

        AssertRefused("not trusted: self-signed", ProberUnderTest.Probe(server.Target(null, MailSteps(Trusting("sonde.test")))));
    }

    [Fact]
    public void What_came_before_TLS_is_not_taken_for_what_comes_in_it()
    {
        using var certificate = _certificates.IssueValid("sonde.test");
        using var server = TcpServer.Mail(certificate, consent: "220 go ahead\r\n250 INJECTED\r\n");
        TcpStep[] steps =
        [
            new("^220 ", "EHLO sonde"), new("^250-STARTTLS", "STARTTLS"), new("^220 ", null, Trusting("sonde.test")),
            new(null, "EHLO sonde"), new("INJECTED", null),
        ];

        var result = ProberUnderTest.Probe(server.Target(Short, null, steps));

        Assert.Equal((LossReason.UnexpectedAnswer, "expected \"INJECTED\", got \"250 AUTH\""), (result.Loss, result.Detail));
    }

    [Fact]
    public void A_server_that_offers_no_STARTTLS_is_told_with_its_last_offer()
    {
        using var server = TcpServer.SayingAndClosing("220 ESMTP\r\n250-mail.example\r\n250 HELP\r\n");

        var result = ProberUnderTest.Probe(server.Target(null, MailSteps(Trusting("sonde.test"))));

        Assert.Equal((LossReason.UnexpectedAnswer, "expected \"^250-STARTTLS\", got \"250 HELP\""), (result.Loss, result.Detail));
    }

    private static TcpStep[] MailSteps(TlsSettings tls) =>
    [
        new("^220 ", "EHLO sonde"), new("^250-STARTTLS", "STARTTLS"), new("^220 ", null, tls),
        new(null, "EHLO sonde"), new("^250 AUTH", "QUIT"), new("^221 ", null),
    ];

    private static ProbeResult Probe(X509Certificate2 certificate, TlsSettings tls)
    {
        using (certificate)
        {
            using var server = TcpServer.ShoutingTls(certificate, "");
            return ProberUnderTest.Probe(server.Target(tls));
        }
    }

    private static void AssertRefused(string expected, ProbeResult result)
    {
        Assert.Equal(LossReason.TlsCertificate, result.Loss);
        Assert.Equal(expected, result.Detail);
    }
}
