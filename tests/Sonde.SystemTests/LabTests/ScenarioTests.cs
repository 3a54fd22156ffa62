using System.Buffers.Binary;
using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.LabTests;

/// <summary>The simulated network does what its scenario says.</summary>
[Collection(LabRun.Name)]
public sealed class ScenarioTests
{
    private const ushort Identifier = 0x4c61;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_host_answers_with_what_it_was_sent(bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var client = new EchoClient(network, isV6);
        network.Hosts[7] = SimulatedHost.Sending(new Answer(TimeSpan.Zero) { TimeToLive = 55 });

        client.Send(network.Addresses.Host(7, isV6), Identifier, 3);

        var reply = Assert.Single(client.Receive(1));
        Assert.Equal(network.Addresses.Host(7, isV6), reply.From);
        Assert.Equal(isV6 ? 129 : 0, reply.Icmp[0]);
        Assert.Equal((Identifier, (ushort)3), (reply.Identifier, reply.Sequence));
        Assert.Equal(EchoClient.Payload(3, 56), reply.Payload);
        Assert.True(isV6 || reply.IpHeader[8] == 55);
        Assert.True(isV6 || InternetChecksum.Of(reply.Icmp) == 0);
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(false, 1473)]
    [InlineData(false, 65_000)]
    [InlineData(true, 16)]
    [InlineData(true, 1473)]
    [InlineData(true, 65_000)]
    public void A_packet_of_any_size_comes_back_whole(bool isV6, int size)
    {
        using var network = LabRun.StartOrSkip();
        using var client = new EchoClient(network, isV6);

        client.Send(network.Addresses.Host(1, isV6), Identifier, 1, size);

        Assert.Equal(EchoClient.Payload(1, size), Assert.Single(client.Receive(1)).Payload);
    }

    [Fact]
    public void A_host_loses_every_third_request_and_another_a_share_of_them()
    {
        using var network = LabRun.StartOrSkip();
        using var client = new EchoClient(network, isV6: false);
        network.Hosts[1] = SimulatedHost.Answering(TimeSpan.Zero) with { LoseEvery = 3 };
        network.Hosts[2] = SimulatedHost.Answering(TimeSpan.Zero) with { LossRatio = 0.25, LossSeed = 5 };

        for (ushort sequence = 1; sequence <= 300; sequence++)
        {
            client.Send(network.Addresses.Host4(1), Identifier, sequence);
            client.Send(network.Addresses.Host4(2), Identifier, sequence);
        }

        var expected = Enumerable.Range(1, 300).Where(number => number % 3 != 0).Select(number => (ushort)number)
            .ToList();
        var chosen = Enumerable.Range(1, 300).Where(number => !network.Hosts[2].Loses(2, number))
            .Select(number => (ushort)number);
        var received = client.Receive(expected.Count + chosen.Count())
            .ToLookup(reply => reply.From, reply => reply.Sequence);
        Assert.Equal(expected, received[network.Addresses.Host4(1)]);
        Assert.Equal(chosen, received[network.Addresses.Host4(2)]);
        Assert.InRange(chosen.Count(), 195, 255);
    }

    [Fact]
    public void Duplicates_come_in_their_number_and_a_silent_host_sends_none()
    {
        using var network = LabRun.StartOrSkip();
        using var client = new EchoClient(network, isV6: false);
        network.Hosts[1] = SimulatedHost.Answering(TimeSpan.Zero).WithDuplicates(3, TimeSpan.FromMilliseconds(2));
        network.Hosts[2] = SimulatedHost.Silent;

        client.Send(network.Addresses.Host4(2), Identifier, 1);
        client.Send(network.Addresses.Host4(1), Identifier, 1);

        Assert.All(client.Receive(4), reply => Assert.Equal(network.Addresses.Host4(1), reply.From));
        var exchanges = WireExchange.Match(network.Wire.Packets);
        Assert.Equal([0, 4], exchanges.Select(exchange => exchange.Replies));
        Assert.Equal(1, network.Responder.Unanswered);
    }

    [Fact]
    public void A_host_takes_its_turns()
    {
        using var network = LabRun.StartOrSkip();
        using var client = new EchoClient(network, isV6: false);
        network.Hosts[1] = SimulatedHost.InTurn(SimulatedHost.Silent, SimulatedHost.Answering(TimeSpan.Zero));

        for (ushort sequence = 1; sequence <= 6; sequence++)
        {
            client.Send(network.Addresses.Host4(1), Identifier, sequence);
        }

        Assert.Equal([2, 4, 6], client.Receive(3).Select(reply => (int)reply.Sequence));
        Assert.Equal(6, network.Hosts.RequestsTo(1, isV6: false));
    }

    [Theory]
    [InlineData(AnswerFault.WrongIdentifier)]
    [InlineData(AnswerFault.WrongSequence)]
    [InlineData(AnswerFault.WrongToken)]
    [InlineData(AnswerFault.WrongTail)]
    [InlineData(AnswerFault.Truncated)]
    [InlineData(AnswerFault.BadChecksum)]
    [InlineData(AnswerFault.WrongAddress)]
    internal void A_fault_spoils_just_what_it_says(AnswerFault fault)
    {
        using var network = LabRun.StartOrSkip();
        using var client = new EchoClient(network, isV6: false);
        network.Hosts[4] = SimulatedHost.Sending(new Answer(TimeSpan.Zero) { Fault = fault, TruncatedLength = 20 });

        client.Send(network.Addresses.Host4(4), Identifier, 9);

        var reply = Assert.Single(client.Receive(1));
        var sent = EchoClient.Payload(9, 56);
        Assert.Equal(fault == AnswerFault.WrongIdentifier, reply.Identifier != Identifier);
        Assert.Equal(fault == AnswerFault.WrongSequence, reply.Sequence != 9);
        Assert.Equal(fault == AnswerFault.WrongToken, !reply.Payload[..8].SequenceEqual(sent.AsSpan(0, 8)));
        Assert.Equal(fault == AnswerFault.WrongTail, reply.Payload.Length == 56 && reply.Payload[55] != sent[55]);
        Assert.Equal(fault == AnswerFault.Truncated ? 20 : 64, reply.Icmp.Length);
        Assert.Equal(fault == AnswerFault.BadChecksum, InternetChecksum.Of(reply.Icmp) != 0);
        Assert.Equal(fault == AnswerFault.WrongAddress, !reply.From.Equals(network.Addresses.Host4(4)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_router_sends_an_error_that_quotes_the_request(bool isV6)
    {
        using var network = LabRun.StartOrSkip();
        using var client = new EchoClient(network, isV6);
        network.Hosts[5] = SimulatedHost.Failing(IcmpError.PacketTooBig(1400), TimeSpan.Zero);

        client.Send(network.Addresses.Host(5, isV6), Identifier, 2);

        var error = Assert.Single(client.Receive(1));
        Assert.Equal(network.Addresses.Router(isV6), error.From);
        Assert.Equal(isV6 ? (2, 0) : (3, 4), (error.Icmp[0], error.Icmp[1]));
        Assert.Equal(1400, BinaryPrimitives.ReadUInt16BigEndian(error.Icmp.AsSpan(6)));
        Assert.True(isV6 || InternetChecksum.Of(error.Icmp) == 0);
        var quoted = error.Icmp.AsSpan(8 + (isV6 ? 40 : 20));
        Assert.Equal(Identifier, BinaryPrimitives.ReadUInt16BigEndian(quoted[4..]));
        Assert.Equal(EchoClient.Payload(2, 56), quoted[8..]);
        var exchange = Assert.Single(WireExchange.Match(network.Wire.Packets));
        Assert.NotNull(exchange.FailedAt);
        Assert.Null(exchange.Rtt);
    }
}
