using Sonde.Measurement;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;
using LabError = Sonde.SystemTests.Lab.IcmpError;

namespace Sonde.SystemTests.Icmp;

/// <summary>An ICMP error ends its probe, and no other, with what it says.</summary>
[Collection(LabRun.Name)]
public sealed class IcmpErrorTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(2);

    [Theory]
    [InlineData(nameof(LabError.NetworkUnreachable), LossReason.NetworkUnreachable, LossReason.NetworkUnreachable)]
    [InlineData(nameof(LabError.HostUnreachable), LossReason.HostUnreachable, LossReason.HostUnreachable)]
    [InlineData(nameof(LabError.ProtocolUnreachable), LossReason.ProtocolUnreachable, LossReason.ParameterProblem)]
    [InlineData(nameof(LabError.PortUnreachable), LossReason.PortUnreachable, LossReason.PortUnreachable)]
    [InlineData(nameof(LabError.Prohibited), LossReason.Prohibited, LossReason.Prohibited)]
    [InlineData(nameof(LabError.TimeToLiveExceeded), LossReason.TimeToLiveExceeded, LossReason.TimeToLiveExceeded)]
    [InlineData(nameof(LabError.ParameterProblem), LossReason.ParameterProblem, LossReason.ParameterProblem)]
    [InlineData(nameof(LabError.PacketTooBig), LossReason.PacketTooBig, LossReason.PacketTooBig)]
    public void An_error_ends_its_probe_with_what_it_says(string error, LossReason reason4, LossReason reason6)
    {
        foreach (var isV6 in (bool[])[false, true])
        {
            using var network = LabRun.StartOrSkip();
            using var run = new ProbingRun();
            network.Hosts[2] = SimulatedHost.Failing(Named(error), Soon);

            for (var host = 1; host <= 3; host++)
            {
                run.Begin(network.Addresses.Host(host, isV6));
            }
            run.AdvanceToTheEnd();

            Assert.Equal(
                [LossReason.None, isV6 ? reason6 : reason4, LossReason.None],
                run.Results.Values.Select(result => result.Loss));
            Assert.Equal(1, run.Prober.Counters.Errors);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_error_need_not_quote_more_than_the_echo_header(bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Sending(
            new Answer(Soon) { Error = LabError.HostUnreachable, QuotedLength = 8 });

        run.Begin(network.Addresses.Host(1, isV6));
        run.AdvanceToTheEnd();

        Assert.Equal(LossReason.HostUnreachable, run.Result.Loss);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_an_answer_an_error_says_nothing_any_more(bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Sending(
            new Answer(Soon), new Answer(TimeSpan.FromMilliseconds(10)) { Error = LabError.HostUnreachable });

        run.Begin(network.Addresses.Host(1, isV6));
        run.AdvanceFor(TimeSpan.FromMilliseconds(40));

        Assert.True(run.Result.IsAnswered);
        Assert.Equal(0, run.Prober.Counters.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void That_the_pieces_of_a_packet_ran_out_of_time_is_not_said_of_its_hop_limit(bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[1] = SimulatedHost.Failing(LabError.ReassemblyTimeExceeded, Soon);

        run.Begin(network.Addresses.Host(1, isV6), timeoutMilliseconds: 50);
        run.AdvanceToTheEnd();

        Assert.Equal(LossReason.Timeout, run.Result.Loss);
        Assert.Equal((0L, 1L), (run.Prober.Counters.Errors, run.Prober.Counters.Foreign));
    }

    private static LabError Named(string name) => name switch
    {
        nameof(LabError.NetworkUnreachable) => LabError.NetworkUnreachable,
        nameof(LabError.HostUnreachable) => LabError.HostUnreachable,
        nameof(LabError.ProtocolUnreachable) => LabError.ProtocolUnreachable,
        nameof(LabError.PortUnreachable) => LabError.PortUnreachable,
        nameof(LabError.Prohibited) => LabError.Prohibited,
        nameof(LabError.TimeToLiveExceeded) => LabError.TimeToLiveExceeded,
        nameof(LabError.ParameterProblem) => LabError.ParameterProblem,
        nameof(LabError.PacketTooBig) => LabError.PacketTooBig(1400),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such error"),
    };
}
