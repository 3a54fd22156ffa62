using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Sonde.Measurement.Dns;
using Xunit;

namespace Sonde.Measurement.Tests.Dns;

public sealed class DnsDatagramTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void An_answer_tells_its_time_and_its_records(string address)
    {
        using DatagramServer server = new(Answers.WithAddress, IPAddress.Parse(address));

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint));

        Assert.True(result.IsAnswered, result.ToString());
        Assert.InRange(result.Rtt.Milliseconds, 0.001, 5_000);
        var findings = Assert.IsType<DnsFindings>(result.Findings);
        Assert.Equal(["example.org.\t3600\tIN\tA\t192.0.2.1"], findings.Answers);
        Assert.Equal((1, 0, 0), (findings.AnswerCount, findings.AuthorityCount, findings.AdditionalCount));
        Assert.Equal(DnsResponseCode.NoError, findings.ResponseCode);
        Assert.Equal(DnsTransport.Udp, findings.Transport);
        Assert.Equal(result.Rtt.Nanoseconds / 100, findings.Request!.Value.Ticks);
        Assert.Empty(findings.Quantities);
    }

    [Fact]
    public void A_query_has_the_question_a_random_id_and_a_port_of_its_own()
    {
        ConcurrentQueue<(byte[] Bytes, int Port)> queries = new();
        using DatagramServer server = new(query =>
        {
            queries.Enqueue((query.Bytes, ((IPEndPoint)query.Asker).Port));
            query.Send(Answers.WithAddress(query.Bytes));
        });
        using DnsProberUnderTest under = new();

        for (var ticket = 0; ticket < 20; ticket++)
        {
            under.Prober.Begin(ticket, Answers.Target(server.EndPoint));
        }
        under.WaitFor(20);

        Assert.Equal(20, queries.Select(query => query.Port).Distinct().Count());
        Assert.InRange(queries.Select(query => Answers.Id(query.Bytes)).Distinct().Count(), 18, 20);
        Assert.All(queries, query => Assert.Equal(
            "01000001000000000001" + "076578616d706c65036f726700" + "00010001" + "0000" + "2904d0" + "000000000000",
            Convert.ToHexStringLower(query.Bytes.AsSpan(2))));
    }

    [Fact]
    public void Without_EDNS_and_recursion_the_query_is_bare()
    {
        byte[] bytes = [];
        using DatagramServer server = new(query => Answers.WithAddress(bytes = query));
        var end = (IPEndPoint)server.EndPoint;
        var question = new DnsQuestion(Answers.Name, DnsRecordType.Any, DnsClass.Chaos)
        {
            HasEdns = false,
            IsRecursionDesired = false,
        };

        var result = DnsProberUnderTest.Probe(new DnsTarget(end.Address, TimeSpan.FromSeconds(10), question, end.Port));

        Assert.True(result.IsAnswered, result.ToString());
        Assert.Equal("00000001000000000000076578616d706c65036f72670000ff0003", Convert.ToHexStringLower(bytes.AsSpan(2)));
    }

    [Fact]
    public void What_answers_another_query_is_passed_over()
    {
        using DatagramServer server = new(query =>
        {
            var answer = Answers.WithAddress(query.Bytes);
            var other = new DnsMessageWriter(Answers.Id(answer), Answers.Usual);
            query.Send(Answers.WithId(answer, Answers.Id(answer) + 1));
            query.Send(other.Ask(Answers.Parse("example.net"), DnsRecordType.A, DnsClass.Internet).ToArray());
            query.Send(Answers.Begin(query.Bytes, 0x0180).ToArray());   // a query, not a response
            query.Send([.. answer.AsSpan(0, 11)]);
            query.Send([]);
            query.Send(answer);
        });
        using DnsProberUnderTest under = new();

        under.Prober.Begin(1, Answers.Target(server.EndPoint));
        under.WaitFor(1);

        Assert.True(under.Ended[1].IsAnswered, under.Ended[1].ToString());
        Assert.Equal((3, 2), (under.Prober.Counters.Foreign, under.Prober.Counters.Malformed));
    }

    [Fact]
    public void A_server_that_only_lies_times_out_and_the_detail_says_how_often()
    {
        using DatagramServer server = new(query => Answers.WithId(Answers.WithAddress(query), Answers.Id(query) ^ 1));

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint, Short));

        Assert.Equal(LossReason.Timeout, result.Loss);
        Assert.Equal("answers with another id or question were passed over: 1", result.Detail);
    }

    [Fact]
    public void An_answer_from_another_port_never_arrives()
    {
        using Socket liar = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        liar.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using DatagramServer server = new(query => liar.SendTo(Answers.WithAddress(query.Bytes), query.Asker));

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint, Short));

        Assert.Equal((LossReason.Timeout, null), (result.Loss, result.Detail));
    }

    [Fact]
    public void The_case_of_the_question_does_not_matter()
    {
        using DatagramServer server = new(query => new DnsMessageWriter(Answers.Id(query), Answers.Usual)
            .Ask(Answers.Parse("EXAMPLE.oRG"), DnsRecordType.A, DnsClass.Internet).ToArray());

        Assert.True(DnsProberUnderTest.Probe(Answers.Target(server.EndPoint)).IsAnswered);
    }

    [Fact]
    public void A_second_answer_came_again()
    {
        using DatagramServer server = new(query =>
        {
            query.Send(Answers.WithAddress(query.Bytes));
            query.Send(Answers.WithAddress(query.Bytes));
        });
        using DnsProberUnderTest under = new();

        under.Prober.Begin(1, Answers.Target(server.EndPoint));
        under.WaitUntil(() => under.Again == 1);

        Assert.True(under.Ended[1].IsAnswered, under.Ended[1].ToString());
        Assert.Equal(1, under.Prober.Counters.Duplicates);
    }

    [Fact]
    public void An_answer_after_the_timeout_came_late()
    {
        using ManualResetEventSlim isOver = new();
        using DatagramServer server = new(query =>
        {
            isOver.Wait(TimeSpan.FromSeconds(30));
            query.Send(Answers.WithAddress(query.Bytes));
        });
        using DnsProberUnderTest under = new();

        under.Prober.Begin(1, Answers.Target(server.EndPoint, Short));
        under.WaitFor(1);
        isOver.Set();
        under.WaitUntil(() => under.Late == 1);

        Assert.Equal(LossReason.Timeout, under.Ended[1].Loss);
        Assert.Single(under.Ended);
    }

    [Fact]
    public void The_kernel_stamp_counts_however_late_the_owner_looks()
    {
        using ManualResetEventSlim isSent = new();
        using DatagramServer server = new(query =>
        {
            query.Send([]);   // the answer lies behind something else
            query.Send(Answers.WithAddress(query.Bytes));
            isSent.Set();
        });
        using DnsProberUnderTest under = new();

        under.Prober.Begin(1, Answers.Target(server.EndPoint, Short));
        Assert.True(isSent.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        using ManualResetEventSlim never = new();
        never.Wait(2 * Short, TestContext.Current.CancellationToken);   // the owner oversleeps the deadline
        under.WaitFor(1);

        Assert.True(under.Ended[1].IsAnswered, under.Ended[1].ToString());
        Assert.InRange(under.Ended[1].Rtt.Milliseconds, 0, Short.TotalMilliseconds);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_port_where_nobody_listens_is_unreachable(string address)
    {
        EndPoint end;
        using (DatagramServer server = new(Answers.WithAddress, IPAddress.Parse(address)))
        {
            end = server.EndPoint;
        }

        var result = DnsProberUnderTest.Probe(Answers.Target(end));

        Assert.Equal(LossReason.PortUnreachable, result.Loss);
    }

    [Theory]
    [InlineData(1, LossReason.UnexpectedResponseCode, "rcode FORMERR")]
    [InlineData(2, LossReason.NameServerFailure, "rcode SERVFAIL")]
    [InlineData(3, LossReason.UnexpectedResponseCode, "rcode NXDOMAIN")]
    [InlineData(5, LossReason.QueryRefused, "rcode REFUSED")]
    [InlineData(11, LossReason.UnexpectedResponseCode, "rcode RCODE11")]
    public void An_error_of_the_server_is_lost_with_its_code(int code, LossReason reason, string detail)
    {
        using DatagramServer server = new(query => Answers.WithCode(query, code));

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint));

        Assert.Equal((reason, detail), (result.Loss, result.Detail));
        var findings = Assert.IsType<DnsFindings>(result.Findings);
        Assert.True(findings.IsUnexpected);
        Assert.Equal((DnsResponseCode)code, findings.ResponseCode);
    }

    [Fact]
    public void An_error_may_leave_the_question_out()
    {
        using DatagramServer server = new(query => new DnsMessageWriter(Answers.Id(query), 0x8001).ToArray());

        Assert.Equal("rcode FORMERR", DnsProberUnderTest.Probe(Answers.Target(server.EndPoint)).Detail);
    }

    [Fact]
    public void An_expected_error_is_an_answer()
    {
        using DatagramServer server = new(query => Answers.WithCode(query, 3));
        DnsExpectations expectations = new([DnsResponseCode.NameError, DnsResponseCode.Refused]);

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint, expectations: expectations));

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Fact]
    public void The_code_has_upper_bits_in_EDNS()
    {
        using DatagramServer server = new(query => Answers.Begin(query).AddRecord(
            3, DnsName.Root, DnsRecordType.Opt, (DnsClass)1232, 0x01000000, []).ToArray());

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint));

        Assert.Equal("rcode BADVERS", result.Detail);
        Assert.Equal(0, ((DnsFindings)result.Findings!).AdditionalCount);
    }

    [Fact]
    public void A_message_that_ends_early_is_broken()
    {
        using DatagramServer server = new(query => Answers.WithAddress(query)[..^1]);

        Assert.Equal(LossReason.BrokenMessage, DnsProberUnderTest.Probe(Answers.Target(server.EndPoint)).Loss);
    }

    [Fact]
    public void A_datagram_beyond_all_bounds_is_broken()
    {
        using DatagramServer server = new(query => [.. Answers.WithAddress(query), .. new byte[4096]]);

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint));

        Assert.Equal((LossReason.BrokenMessage, "longer than 4096 bytes"), (result.Loss, result.Detail));
    }

    [Fact]
    public void The_serial_number_of_a_zone_is_found()
    {
        using DatagramServer server = new(query => Answers.Begin(query).AddRecord(
            1, Answers.Name, DnsRecordType.Soa, DnsClass.Internet, 60,
            [.. Answers.Name.Wire, .. Answers.Name.Wire, 0x78, 0xb0, 0x93, 0x65, .. new byte[16]]).ToArray());

        var result = DnsProberUnderTest.Probe(Answers.Target(server.EndPoint, type: DnsRecordType.Soa));

        Assert.Equal(0x78b09365u, ((DnsFindings)result.Findings!).Serial);
    }

    [Fact]
    public void Two_thousand_queries_are_under_way_at_once()
    {
        List<DatagramServer.Query> waiting = [];
        using DatagramServer server = new(query =>
        {
            waiting.Add(query);
            if (waiting.Count == 2000)
            {
                waiting.ForEach(asked => asked.Send(Answers.WithAddress(asked.Bytes)));
            }
        });
        using DnsProberUnderTest under = new();

        for (var ticket = 0; ticket < 2000; ticket++)
        {
            under.Prober.Begin(ticket, Answers.Target(server.EndPoint, TimeSpan.FromSeconds(20)));
        }
        under.WaitFor(2000);

        Assert.All(under.Ended.Values, result => Assert.True(result.IsAnswered, result.ToString()));
        Assert.Equal((0, 0), (under.Again, under.Late));
    }

    [Fact]
    public void More_than_the_prober_can_hold_are_not_sent_and_ended_ones_make_room()
    {
        using DatagramServer silent = new(_ => { });
        using DatagramServer server = new(Answers.WithAddress);
        using DnsProberUnderTest under = new(capacity: 2);

        for (var ticket = 1; ticket <= 20; ticket++)
        {
            under.Prober.Begin(ticket, Answers.Target(server.EndPoint));
            under.WaitFor(ticket);
        }
        for (var ticket = 21; ticket <= 23; ticket++)
        {
            under.Prober.Begin(ticket, Answers.Target(silent.EndPoint));
        }

        Assert.Equal(20, under.Ended.Values.Count(result => result.IsAnswered));
        Assert.Equal(NotSentReason.TooManyInFlight, under.Ended[23].NotSent);
        Assert.Equal(21, under.Ended.Count);
    }

    [Fact]
    public void Abandoned_queries_are_not_sent()
    {
        using DatagramServer server = new(_ => { });
        using DnsProberUnderTest under = new();

        under.Prober.Begin(1, Answers.Target(server.EndPoint));
        under.Prober.Abandon(NotSentReason.ClockStepped);

        Assert.Equal(NotSentReason.ClockStepped, under.Ended[1].NotSent);
        Assert.Equal(long.MaxValue, under.Prober.Advance());
    }

    [Fact]
    public void A_disposed_prober_tells_nothing_and_leaves_no_socket()
    {
        using DatagramServer server = new(_ => { });
        DnsProberUnderTest under = new();
        var before = Directory.GetFiles("/proc/self/fd").Length;

        for (var ticket = 0; ticket < 100; ticket++)
        {
            under.Prober.Begin(ticket, Answers.Target(server.EndPoint));
        }
        under.Dispose();
        under.Dispose();

        Assert.Empty(under.Ended);
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 50);
        Assert.Throws<ObjectDisposedException>(() => under.Prober.Begin(1, Answers.Target(server.EndPoint)));
    }
}
