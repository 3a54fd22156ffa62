using System.Text;
using Sonde.Cli;
using Sonde.Measurement;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Timing;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class PingTargetTests
{
    private readonly PingTarget _target = new(
        "a", CheckKind.Icmp, new IcmpTarget(System.Net.IPAddress.Loopback, TimeSpan.FromSeconds(1)), null);

    [Fact]
    public void Jitter_never_spans_a_loss()
    {
        Take(0, 1_000);
        Take(1, null);
        Take(2, 3_000);
        Take(3, 3_500);

        Assert.Equal(500, _target.Window.JitterMicroseconds);
        Assert.Equal((4, 1), (_target.Window.Sent, _target.Window.Lost));
    }

    [Fact]
    public void Jitter_never_spans_a_probe_that_was_not_sent()
    {
        Take(0, 1_000);
        _target.Take(1, ProbeResult.Unmeasured(0, NotSentReason.NoRoute), isSuspect: false);
        Take(2, 3_000);

        Assert.Null(_target.Window.JitterMicroseconds);
        Assert.Equal((2, 3), (_target.Window.Sent, _target.Ended));
    }

    [Fact]
    public void Results_count_in_the_order_of_sending_whatever_the_order_of_ending()
    {
        Take(2, 4_000);
        Take(1, 2_000);
        Assert.Equal(0, _target.Ended);
        Take(0, 1_000);
        Take(3, null);

        Assert.Equal(4, _target.Ended);
        Assert.Equal([1_000, 2_000, 4_000, null], _target.Recent);
        Assert.Equal(1_500, _target.Window.JitterMicroseconds); // 1000 and 2000 apart
    }

    [Fact]
    public void Many_results_may_wait_for_an_earlier_one()
    {
        for (var sequence = 60_000; sequence >= 0; sequence--)
        {
            Take(sequence, 1_000 + sequence);
        }

        Assert.Equal(60_001, _target.Ended);
        Assert.Equal(1, _target.Window.JitterMicroseconds);
        Assert.Equal(PingTarget.RecentCount, _target.Recent.Count);
        Assert.Equal(61_000, _target.Recent.Last());
    }

    [Fact]
    public void Why_it_lost_is_said_in_words()
    {
        Take(0, null);
        Assert.Equal("no answer in time", _target.LossWords);

        _target.Take(1, ProbeResult.Lost(0, LossReason.TlsCertificate, "expired yesterday"), isSuspect: false);
        Assert.Equal("expired yesterday", _target.LossWords);
    }

    [Fact]
    public void Why_it_cannot_be_sent_is_said_in_words_until_it_can()
    {
        _target.Take(0, ProbeResult.Unmeasured(0, NotSentReason.NoBuffers), isSuspect: false);
        Assert.Equal("the kernel's send buffers are full", _target.Problem);

        Take(1, 1_000);
        Assert.Null(_target.Problem);
    }

    [Fact]
    public void The_report_has_the_fields_of_the_contract()
    {
        Take(0, 1_000);
        Take(1, 1_000);
        Take(2, null);
        _target.Take(3, ProbeResult.Answered(0, new RoundTripTime(1_000_000)), isSuspect: true);
        _target.Duplicates = 2;

        const string Expected = """
            {"target":"a","address":"127.0.0.1","sent":4,"received":3,"lost":1,"duplicates":2,"suspect":1,
            "lossRatio":0.25,"jitterMs":0,
            "rttMs":{"min":1,"mean":1,"max":1,"mdev":0,"p50":1,"p95":1,"p99":1},
            "latestLoss":"no answer in time"}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), Report(_target));
    }

    [Fact]
    public void Where_nothing_was_received_the_report_has_nulls()
    {
        Take(0, null);

        const string Expected = """
            {"target":"a","address":"127.0.0.1","sent":1,"received":0,"lost":1,"duplicates":0,"suspect":0,
            "lossRatio":1,"jitterMs":null,
            "rttMs":{"min":null,"mean":null,"max":null,"mdev":null,"p50":null,"p95":null,"p99":null},
            "latestLoss":"no answer in time"}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), Report(_target));
    }

    [Fact]
    public void Where_nothing_could_be_sent_the_report_says_why()
    {
        const string Expected = """
            {"target":"b","address":null,"sent":0,"received":0,"lost":0,"duplicates":0,"suspect":0,
            "lossRatio":null,"jitterMs":null,
            "rttMs":{"min":null,"mean":null,"max":null,"mdev":null,"p50":null,"p95":null,"p99":null},
            "problem":"the name b does not exist"}
            """;
        var target = new PingTarget("b", CheckKind.Icmp, null, "the name b does not exist");
        Assert.Equal(Expected.ReplaceLineEndings(""), Report(target));
    }

    [Fact]
    public void A_name_that_does_not_exist_is_lost_and_the_report_says_why()
    {
        var target = new PingTarget("b", CheckKind.Tcp, null, "the name b does not exist") { IsNameUnknown = true };
        using var session = new PingSessions([target], new PingPlan(3, TimeSpan.FromSeconds(1)));

        session.Run(TestContext.Current.CancellationToken);

        const string Expected = """
            {"target":"b","address":null,"sent":3,"received":0,"lost":3,"duplicates":0,"suspect":0,
            "lossRatio":1,"jitterMs":null,
            "rttMs":{"min":null,"mean":null,"max":null,"mdev":null,"p50":null,"p95":null,"p99":null},
            "latestLoss":"the name b does not exist","problem":"the name b does not exist"}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), Report(target));
    }

    [Fact]
    public void The_report_has_a_line_for_each_target()
    {
        using var output = new MemoryStream();

        PingReport.WriteJson([_target, _target], output);

        Assert.Equal(2, Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(null, "–")]
    [InlineData(1.4, "0.001")]
    [InlineData(9_999.4, "9.999")]
    [InlineData(12_345.0, "12.35")]
    [InlineData(123_456.0, "123.5")]
    public void Milliseconds_have_as_many_digits_as_people_need(double? microseconds, string text) =>
        Assert.Equal(text, PingReport.Milliseconds(microseconds));

    private void Take(int sequence, long? microseconds) => _target.Take(
        sequence,
        microseconds is { } rtt
            ? ProbeResult.Answered(0, new RoundTripTime(rtt * 1_000))
            : ProbeResult.Lost(0, LossReason.Timeout),
        isSuspect: false);

    private static string Report(PingTarget target)
    {
        using var output = new MemoryStream();
        PingReport.WriteJson([target], output);
        return Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n');
    }
}
