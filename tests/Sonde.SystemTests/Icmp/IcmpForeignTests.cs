using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Icmp;

/// <summary>What is not the answer to a probe never ends it.</summary>
[Collection(LabRun.Name)]
public sealed class IcmpForeignTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Then = TimeSpan.FromMilliseconds(30);

    /// <summary>Each way in which a reply can be wrong, in both families.</summary>
    public static TheoryData<int, bool> WrongReplies => WithFamilies(
        AnswerFault.WrongIdentifier, AnswerFault.WrongSequence, AnswerFault.WrongToken, AnswerFault.WrongTail,
        AnswerFault.Truncated, AnswerFault.BadChecksum, AnswerFault.WrongAddress);

    /// <summary>Each way in which an ICMP error can be about another packet, or damaged.</summary>
    public static TheoryData<int, bool> WrongErrors => WithFamilies(
        AnswerFault.WrongIdentifier, AnswerFault.WrongSequence, AnswerFault.WrongToken, AnswerFault.Truncated,
        AnswerFault.BadChecksum, AnswerFault.WrongAddress);

    [Theory]
    [MemberData(nameof(WrongReplies))]
    public void A_wrong_reply_is_passed_over_and_the_right_one_taken(int fault, bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[6] = SimulatedHost.Sending(new Answer(First) { Fault = (AnswerFault)fault }, new Answer(Then));

        run.Begin(network.Addresses.Host(6, isV6));
        run.AdvanceToTheEnd();

        Assert.True(run.Result.IsAnswered);
        Assert.InRange(run.Result.Rtt.Milliseconds, 30, 200);
        Assert.Empty(run.Again);
        Assert.Empty(run.Late);
    }

    [Theory]
    [MemberData(nameof(WrongErrors))]
    public void An_error_about_another_packet_ends_no_probe(int fault, bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[6] = SimulatedHost.Sending(
            new Answer(First) { Error = IcmpError.HostUnreachable, Fault = (AnswerFault)fault }, new Answer(Then));

        run.Begin(network.Addresses.Host(6, isV6));
        run.AdvanceToTheEnd();

        Assert.True(run.Result.IsAnswered);
        Assert.InRange(run.Result.Rtt.Milliseconds, 30, 200);
    }

    [Theory]
    [InlineData(false, 12)]
    [InlineData(false, 24)]
    [InlineData(false, 63)]
    [InlineData(true, 12)]
    [InlineData(true, 24)]
    [InlineData(true, 63)]
    public void A_shortened_reply_is_passed_over_wherever_it_was_cut(bool isV6, int length)
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        var cut = new Answer(First) { Fault = AnswerFault.Truncated, TruncatedLength = length };
        network.Hosts[6] = SimulatedHost.Sending(cut, new Answer(Then));

        run.Begin(network.Addresses.Host(6, isV6));
        run.AdvanceToTheEnd();

        Assert.True(run.Result.IsAnswered);
        Assert.InRange(run.Result.Rtt.Milliseconds, 30, 200);
    }

    [Fact]
    public void Foreign_and_damaged_packets_are_counted_apart()
    {
        using var network = LabRun.StartOrSkip();
        using var run = new ProbingRun();
        network.Hosts[6] = SimulatedHost.Sending(
            new Answer(First) { Fault = AnswerFault.WrongToken },
            new Answer(First) { Fault = AnswerFault.WrongAddress },
            new Answer(First) { Fault = AnswerFault.WrongToken, Error = IcmpError.HostUnreachable },
            new Answer(First) { Fault = AnswerFault.Truncated, Error = IcmpError.HostUnreachable },
            new Answer(First) { Fault = AnswerFault.BadChecksum },
            new Answer(Then));

        run.Begin(network.Addresses.Host4(6));
        run.AdvanceToTheEnd();

        Assert.Equal((4L, 1L), (run.Prober.Counters.Foreign, run.Prober.Counters.Malformed));
    }

    private static TheoryData<int, bool> WithFamilies(params AnswerFault[] faults)
    {
        var rows = new TheoryData<int, bool>();
        foreach (var fault in faults)
        {
            rows.Add((int)fault, false);
            rows.Add((int)fault, true);
        }
        return rows;
    }
}
