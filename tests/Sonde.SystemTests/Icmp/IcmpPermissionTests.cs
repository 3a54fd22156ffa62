using Sonde.Measurement;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;
using LabError = Sonde.SystemTests.Lab.IcmpError;

namespace Sonde.SystemTests.Icmp;

/// <summary>The ICMP prober without CAP_NET_RAW: with ping sockets, and with neither.</summary>
[Collection(LabRun.Name)]
public sealed class IcmpPermissionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ping_sockets_measure_as_raw_ones_do(bool isV6)
    {
        using var network = StartApart("ping");
        network.Hosts.Others = SimulatedHost.Sending(new Answer(TimeSpan.FromMilliseconds(5)) { TimeToLive = 55 });
        network.Hosts[2] = SimulatedHost.Silent;
        network.Hosts[3] = SimulatedHost.Failing(LabError.HostUnreachable, TimeSpan.FromMilliseconds(5));
        network.Hosts[4] = SimulatedHost.Answering(TimeSpan.FromMilliseconds(5))
            .WithDuplicates(1, TimeSpan.FromMilliseconds(1));

        var results = RunUnprivileged(network, "0 2147483647", run =>
        {
            for (var host = 1; host <= 20; host++)
            {
                run.Begin(network.Addresses.Host(host, isV6), timeoutMilliseconds: 100);
            }
            run.AdvanceToTheEnd();
            Assert.Null(run.Prober.Problem);
            Assert.Equal([4], run.Again);
        });

        Assert.Equal(LossReason.Timeout, results[2].Loss);
        Assert.Equal(LossReason.HostUnreachable, results[3].Loss);
        var exchanges = WireExchange.Match(network.Wire.Packets).ToDictionary(exchange => (long)exchange.Probe.Host);
        var errors = results.Where(result => result.Value.IsAnswered)
            .Select(result => (result.Value.Rtt.Nanoseconds - exchanges[result.Key].Rtt!.Value) / 1e3).Order().ToList();
        output.WriteLine($"error p50 {errors[9]:F1} µs, most {errors[^1]:F1} µs");
        Assert.Equal(18, errors.Count);
        Assert.InRange(errors[9], -30, 30);
        Assert.Equal((byte?)55, results[1].TimeToLive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_forged_error_ends_no_probe_of_a_ping_socket(bool isV6)
    {
        using var network = StartApart("forged");
        var soon = TimeSpan.FromMilliseconds(5);
        network.Hosts[1] = SimulatedHost.Sending(
            new Answer(soon) { Error = LabError.HostUnreachable, Fault = AnswerFault.WrongToken }, new Answer(2 * soon));

        var results = RunUnprivileged(network, "0 2147483647", run =>
        {
            run.Begin(network.Addresses.Host(1, isV6), timeoutMilliseconds: 1000);
            run.AdvanceToTheEnd();
            Assert.Equal((0L, 1L), (run.Prober.Counters.Errors, run.Prober.Counters.Foreign));
        });

        Assert.True(results[1].IsAnswered);
    }

    [Fact]
    public void With_neither_every_probe_is_unmeasured_and_the_prober_says_what_to_do()
    {
        using var network = StartApart("none");

        var results = RunUnprivileged(network, "1 0", run =>
        {
            run.Begin(network.Addresses.Host4(1));
            run.AdvanceToTheEnd();
            Assert.Contains("setcap cap_net_raw+ep", run.Prober.Problem, StringComparison.Ordinal);
        });

        Assert.Equal(NotSentReason.NoPermission, results[1].NotSent);
        Assert.True(network.Wire.Packets.IsEmpty);
    }

    /// <summary>A namespace of its own, because who may open ping sockets is a setting of the namespace.</summary>
    private static SimulatedNetwork StartApart(string name) =>
        LabRun.StartOrSkip(new() { Namespace = $"sonde{name}{Environment.ProcessId}" });

    private static SortedDictionary<long, ProbeResult> RunUnprivileged(
        SimulatedNetwork network, string pingGroups, Action<ProbingRun> probe) => network.RunInside(() =>
    {
        File.WriteAllText("/proc/sys/net/ipv4/ping_group_range", pingGroups);
        ThreadRights.GiveUpRawSockets();
        using var run = new ProbingRun();
        probe(run);
        return run.Results;
    });
}
