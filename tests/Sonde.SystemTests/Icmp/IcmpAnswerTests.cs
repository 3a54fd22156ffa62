using Sonde.Measurement;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Icmp;

/// <summary>
/// What the ICMP prober makes of right answers, missing ones, and of those that come too often or too late.
/// </summary>
[Collection(LabRun.Name)]
public sealed class IcmpAnswerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(2);

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void A_reported_time_is_the_wires(bool isV6, bool stampTransmit)
    {
        const int Hosts = 200;
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20)) });
        using var run = new ProbingRun(stampTransmit);

        for (var round = 0; round < 5; round++)
        {
            for (var host = 1; host <= Hosts; host++)
            {
                run.Begin(network.Addresses.Host(host, isV6));
            }
            run.AdvanceToTheEnd();
        }

        var truth = WireExchange.Match(network.Wire.Packets);
        var errors = truth.Zip(run.Results.Values, (wire, result) => (result.Rtt.Nanoseconds - wire.Rtt!.Value) / 1e3)
            .Order().ToList();
        var starts = truth.Zip(run.Results.Values, (wire, result) => (result.SentAt - wire.SentAt) / 1e3).Order()
            .ToList();
        output.WriteLine(
            $"error p1 {errors[10]:F1}, p50 {errors[500]:F1}, p99 {errors[990]:F1}, most {errors[^1]:F1} µs; "
            + $"sent-at off by p50 {starts[500]:F1} µs");
        Assert.Equal(5 * Hosts, errors.Count);
        Assert.All(run.Results.Values, result => Assert.True(result.IsAnswered));
        Assert.InRange(errors[500], -30, 30);
        Assert.InRange(errors[990], -200, 200);
        Assert.InRange(starts[500], -200, 200);
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(false, 1473)]
    [InlineData(false, 65_000)]
    [InlineData(true, 16)]
    [InlineData(true, 1473)]
    [InlineData(true, 65_000)]
    public void A_request_of_any_size_is_answered(bool isV6, int size)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Sending(new Answer(Soon) { TimeToLive = 55 });

        run.Begin(network.Addresses.Host(1, isV6), size: size);
        run.AdvanceToTheEnd();

        Assert.True(run.Result.IsAnswered);
        Assert.Equal((byte?)55, run.Result.TimeToLive);
    }

    [Fact]
    public void Every_lost_answer_and_no_other_is_a_timeout()
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Answering(Soon) with { LoseEvery = 3 };

        for (var number = 1; number <= 30; number++)
        {
            run.Begin(network.Addresses.Host4(1), timeoutMilliseconds: 200);
        }
        run.AdvanceToTheEnd();

        Assert.All(run.Results, result => Assert.Equal(
            result.Key % 3 == 0 ? LossReason.Timeout : LossReason.None, result.Value.Loss));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Further_copies_are_duplicates_of_their_probe(bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Answering(Soon);
        network.Hosts[2] = SimulatedHost.Answering(Soon).WithDuplicates(3, TimeSpan.FromMilliseconds(1));

        run.Begin(network.Addresses.Host(1, isV6));
        run.Begin(network.Addresses.Host(2, isV6));
        run.AdvanceUntil(() => run.Again.Count == 3);

        Assert.Equal([2, 2, 2], run.Again);
        Assert.All(run.Results.Values, result => Assert.True(result.IsAnswered));
        Assert.Equal(3, run.Prober.Counters.Duplicates);
        Assert.Empty(run.Late);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_late_answer_is_counted_and_makes_no_second_sample(bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Answering(TimeSpan.FromMilliseconds(120));

        run.Begin(network.Addresses.Host(1, isV6), timeoutMilliseconds: 50);
        run.AdvanceUntil(() => run.Late.Count > 0);
        run.AdvanceFor(TimeSpan.FromMilliseconds(20));

        Assert.Equal(LossReason.Timeout, run.Result.Loss);
        Assert.Equal([1], run.Late);
        Assert.Equal(1, run.Prober.Counters.Late);
        Assert.Empty(run.Again);
    }

    [Fact]
    public void An_answer_that_is_read_after_the_deadline_but_came_before_it_counts()
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Answering(TimeSpan.FromMilliseconds(40));

        run.Begin(network.Addresses.Host4(1), timeoutMilliseconds: 50);
        run.Prober.Advance();
        WaitForAnswersAndTheirDeadline(network, answers: 1);
        run.AdvanceToTheEnd();

        Assert.True(run.Result.IsAnswered);
        Assert.InRange(run.Result.Rtt.Milliseconds, 40, 50);
    }

    [Fact]
    public void An_answer_that_comes_while_others_are_read_is_in_time_though_its_deadline_passes_meanwhile()
    {
        using var network = LabRun.StartOrSkip();
        network.Hosts[1] = SimulatedHost.Answering(Soon);
        network.Hosts[2] = SimulatedHost.Answering(TimeSpan.FromMilliseconds(40));
        using var run = new ProbingRun { WhenEnded = _ => WaitForAnswersAndTheirDeadline(network, answers: 2) };

        run.Begin(network.Addresses.Host4(1), timeoutMilliseconds: 60);
        run.Begin(network.Addresses.Host4(2), timeoutMilliseconds: 60);
        run.AdvanceToTheEnd();

        Assert.All(run.Results.Values, result => Assert.True(result.IsAnswered));
        Assert.InRange(run.Results[2].Rtt.Milliseconds, 40, 60);
    }

    /// <summary>As a program does that is held up.</summary>
    private static void WaitForAnswersAndTheirDeadline(SimulatedNetwork network, int answers)
    {
        SpinWait.SpinUntil(() => network.Responder.Sent.Written.Length == answers);
        var end = LibC.Monotonic() + 100_000_000;
        SpinWait.SpinUntil(() => LibC.Monotonic() > end);
    }
}
