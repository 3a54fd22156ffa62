using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Tests.Tcp;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Dns;

public sealed class DnsStreamTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private readonly Certificates _certificates = new();

    [Fact]
    public void A_query_over_TCP_has_phases_that_add_up()
    {
        using StreamServer server = new(Answers.WithAddress);

        var result = DnsProberUnderTest.Probe(Target(server));

        Assert.True(result.IsAnswered, result.ToString());
        var findings = Assert.IsType<DnsFindings>(result.Findings);
        Assert.Equal(["connect", "request"], findings.Quantities.Select(finding => finding.Quantity));
        Assert.All(findings.Quantities, finding => Assert.Equal(("us", LossReason.None), (finding.Unit, finding.Loss)));
        var phases = (findings.Connect!.Value + findings.Request!.Value).TotalMilliseconds;
        Assert.InRange(phases, 0, result.Rtt.Milliseconds);
        Assert.Equal(["example.org.\t3600\tIN\tA\t192.0.2.1"], findings.Answers);
    }

    [Fact]
    public void A_truncated_answer_is_asked_for_again_over_TCP()
    {
        using DatagramServer datagrams = new(Answers.Truncated);
        using StreamServer server = new(Answers.WithAddress, port: ((IPEndPoint)datagrams.EndPoint).Port);
        using DnsProberUnderTest under = new();

        under.Prober.Begin(1, Answers.Target(datagrams.EndPoint));
        under.WaitFor(1);

        var result = under.Ended[1];
        Assert.True(result.IsAnswered, result.ToString());
        var findings = Assert.IsType<DnsFindings>(result.Findings);
        Assert.Equal(DnsTransport.Tcp, findings.Transport);
        Assert.Equal(["truncated", "connect", "request"], findings.Quantities.Select(finding => finding.Quantity));
        Assert.Single(findings.Answers);
        Assert.False(findings.IsTruncated);
        Assert.Equal(1, under.Prober.Counters.Truncated);
    }

    [Fact]
    public void A_truncated_answer_without_TCP_is_lost_for_what_TCP_says()
    {
        using DatagramServer datagrams = new(Answers.Truncated);

        var result = DnsProberUnderTest.Probe(Answers.Target(datagrams.EndPoint));

        Assert.Equal(LossReason.Refused, result.Loss);
        Assert.Equal(
            [("truncated", LossReason.None), ("connect", LossReason.Refused)],
            result.Findings!.Quantities.Select(finding => (finding.Quantity, finding.Loss)));
    }

    [Fact]
    public void A_truncated_answer_may_be_taken_as_it_is()
    {
        using DatagramServer datagrams = new(Answers.Truncated);
        var end = (IPEndPoint)datagrams.EndPoint;
        DnsTarget target = new(
            end.Address, TimeSpan.FromSeconds(10), new DnsQuestion(Answers.Name, DnsRecordType.A), end.Port)
        {
            FallsBackToTcp = false,
        };

        var result = DnsProberUnderTest.Probe(target);

        Assert.True(result.IsAnswered, result.ToString());
        Assert.True(((DnsFindings)result.Findings!).IsTruncated);
    }

    [Fact]
    public void The_deadline_holds_for_both_ways_together()
    {
        using DatagramServer datagrams = new(Answers.Truncated);
        using StreamServer server = new((_, _, stop) => Task.Delay(-1, stop), port: ((IPEndPoint)datagrams.EndPoint).Port);

        var result = DnsProberUnderTest.Probe(Answers.Target(datagrams.EndPoint, TimeSpan.FromSeconds(2)));

        Assert.Equal(LossReason.Timeout, result.Loss);
        Assert.Equal(("request", LossReason.Timeout), LastPhase(result));
    }

    [Fact]
    public void A_closed_port_refuses()
    {
        StreamServer server = new(Answers.WithAddress);
        var target = Target(server);
        server.Dispose();

        var result = DnsProberUnderTest.Probe(target);

        Assert.Equal(LossReason.Refused, result.Loss);
        Assert.Equal(("connect", LossReason.Refused), LastPhase(result));
    }

    [Fact]
    public void A_full_backlog_times_out()
    {
        using var listener = TcpServer.Listen(IPAddress.Loopback, 0);
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        first.Connect(listener.LocalEndPoint!);

        var result = DnsProberUnderTest.Probe(Target((IPEndPoint)listener.LocalEndPoint!, Short));

        Assert.Equal((LossReason.Timeout, ("connect", LossReason.Timeout)), (result.Loss, LastPhase(result)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    public void A_connection_that_is_closed_early_is_closed(int bytes)
    {
        using StreamServer server = new((stream, query, stop) =>
            stream.WriteAsync(Answers.Framed(Answers.WithAddress(query)).AsMemory(0, bytes), stop).AsTask());

        var result = DnsProberUnderTest.Probe(Target(server));

        Assert.Equal((LossReason.Closed, ("request", LossReason.Closed)), (result.Loss, LastPhase(result)));
    }

    [Fact]
    public void An_answer_may_dribble_in()
    {
        using StreamServer server = new(async (stream, query, stop) =>
        {
            foreach (var piece in Answers.Framed(Answers.WithAddress(query)))
            {
                await stream.WriteAsync(new[] { piece }, stop);
            }
            _ = await stream.ReadAsync(new byte[1], stop);
        });

        Assert.True(DnsProberUnderTest.Probe(Target(server)).IsAnswered);
    }

    [Fact]
    public void Messages_to_other_queries_are_passed_over()
    {
        using StreamServer server = new(async (stream, query, stop) =>
        {
            var answer = Answers.WithAddress(query);
            await stream.WriteAsync(Answers.Framed(Answers.WithId(answer, Answers.Id(answer) ^ 1)), stop);
            await stream.WriteAsync(Answers.Framed([]), stop);
            await stream.WriteAsync(Answers.Framed(answer), stop);
            _ = await stream.ReadAsync(new byte[1], stop);
        });

        Assert.True(DnsProberUnderTest.Probe(Target(server)).IsAnswered);
    }

    [Fact]
    public void A_server_that_only_sends_such_is_broken()
    {
        using StreamServer server = new(async (stream, _, stop) =>
        {
            while (true)
            {
                await stream.WriteAsync(new byte[2], stop);
            }
        });

        Assert.Equal(LossReason.BrokenMessage, DnsProberUnderTest.Probe(Target(server)).Loss);
    }

    [Fact]
    public void A_message_that_ends_early_is_broken()
    {
        using StreamServer server = new(query => Answers.WithAddress(query)[..^1]);

        Assert.Equal(LossReason.BrokenMessage, DnsProberUnderTest.Probe(Target(server)).Loss);
    }

    [Fact]
    public void Unexpected_records_are_lost_with_their_phases()
    {
        using StreamServer server = new(Answers.WithAddress);

        var result = DnsProberUnderTest.Probe(
            Target(server.EndPoint, expectations: new DnsExpectations(null, ["192.0.2.2"])));

        Assert.Equal((LossReason.UnexpectedRecords, "no answer is \"192.0.2.2\""), (result.Loss, result.Detail));
        Assert.Equal(("request", LossReason.None), LastPhase(result));
    }

    [Fact]
    public void A_trusted_certificate_passes_and_its_end_is_known()
    {
        using var certificate = _certificates.IssueValid("dns.test");
        using StreamServer server = new(Answers.WithAddress, certificate);

        var result = DnsProberUnderTest.Probe(Secured(server));

        Assert.True(result.IsAnswered, result.ToString());
        var findings = Assert.IsType<DnsFindings>(result.Findings);
        Assert.Equal(["connect", "tls", "request"], findings.Quantities.Select(finding => finding.Quantity));
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), findings.CertificateNotAfter);
        var sum = findings.Connect!.Value + findings.Tls!.Value + findings.Request!.Value;
        Assert.InRange(sum.TotalMilliseconds, 0, result.Rtt.Milliseconds);
    }

    [Fact]
    public void An_expired_certificate_is_refused() => AssertRefused(
        "certificate expired 3 days ago",
        _certificates.Issue("dns.test", TimeSpan.FromDays(-30), TimeSpan.FromDays(-3.5)));

    [Fact]
    public void A_self_signed_certificate_is_refused() =>
        AssertRefused("not trusted: self-signed", Certificates.SelfSigned("dns.test"));

    [Fact]
    public void A_certificate_for_another_name_is_refused() =>
        AssertRefused("certificate is for example.org, not dns.test", _certificates.IssueValid("example.org"));

    [Fact]
    public void A_server_that_speaks_no_TLS_fails_the_handshake()
    {
        using var plain = TcpServer.Saying("this is no TLS at all\r\n"u8.ToArray());

        var result = DnsProberUnderTest.Probe(Target(plain.EndPoint, tls: new TlsSettings("dns.test")));

        Assert.Equal((LossReason.TlsHandshake, ("tls", LossReason.TlsHandshake)), (result.Loss, LastPhase(result)));
    }

    [Fact]
    public void A_hundred_queries_over_TLS_run_side_by_side()
    {
        using var certificate = _certificates.IssueValid("dns.test");
        using StreamServer server = new(Answers.WithAddress, certificate);
        using DnsProberUnderTest under = new();

        for (var ticket = 0; ticket < 100; ticket++)
        {
            under.Prober.Begin(ticket, Secured(server));
        }
        under.WaitFor(100);

        Assert.All(under.Ended.Values, result => Assert.True(result.IsAnswered, result.ToString()));
    }

    [Fact]
    public void Abandoned_streams_are_told_as_not_sent()
    {
        using StreamServer server = new((_, _, stop) => Task.Delay(-1, stop));
        using DnsProberUnderTest under = new();

        under.Prober.Begin(1, Target(server));
        under.Prober.Advance();
        under.Prober.Abandon(NotSentReason.Suspended);
        under.WaitFor(1);

        Assert.Equal(NotSentReason.Suspended, under.Ended[1].NotSent);
    }

    [Fact]
    public void A_prober_may_be_disposed_with_streams_under_way()
    {
        using StreamServer server = new((_, _, stop) => Task.Delay(-1, stop));
        DnsProberUnderTest under = new();

        for (var ticket = 0; ticket < 50; ticket++)
        {
            under.Prober.Begin(ticket, Target(server));
        }
        under.Prober.Advance();
        under.Dispose();

        Assert.Empty(under.Ended);
    }

    private static (string Quantity, LossReason Loss) LastPhase(ProbeResult result) =>
        (result.Findings!.Quantities[^1].Quantity, result.Findings.Quantities[^1].Loss);

    private static DnsTarget Target(StreamServer server) => Target(server.EndPoint);

    private static DnsTarget Target(
        IPEndPoint end, TimeSpan? timeout = null, TlsSettings? tls = null, DnsExpectations? expectations = null) => new(
            end.Address, timeout ?? TimeSpan.FromSeconds(20), new DnsQuestion(Answers.Name, DnsRecordType.A), end.Port,
            tls is null ? DnsTransport.Tcp : DnsTransport.Tls, tls, expectations);

    private DnsTarget Secured(StreamServer server) =>
        Target(server.EndPoint, tls: new TlsSettings("dns.test", authorities: _certificates.Authorities));

    private void AssertRefused(string fault, X509Certificate2 certificate)
    {
        using (certificate)
        {
            using StreamServer server = new(Answers.WithAddress, certificate);

            var result = DnsProberUnderTest.Probe(Secured(server));

            Assert.Equal((LossReason.TlsCertificate, fault), (result.Loss, result.Detail));
            Assert.Equal(("tls", LossReason.TlsCertificate), LastPhase(result));
        }
    }
}
