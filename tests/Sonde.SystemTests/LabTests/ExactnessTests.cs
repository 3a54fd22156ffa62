using System.Net;
using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.LabTests;

/// <summary>The simulated network keeps time, and knows when it does not.</summary>
[Collection(LabRun.Name)]
public sealed class ExactnessTests(ITestOutputHelper output)
{
    private const ushort Identifier = 0x4c62;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_answer_leaves_when_it_is_due(bool isV6)
    {
        var delay = TimeSpan.FromMilliseconds(5);
        using var network = LabRun.StartOrSkip(new() { Others = SimulatedHost.Answering(delay) });
        using var client = new EchoClient(network, isV6);

        for (ushort sequence = 0; sequence < 500; sequence++)
        {
            client.Send(network.Addresses.Host(1 + (sequence % 50), isV6), Identifier, sequence);
            client.Receive(sequence % 50 == 49 ? 50 : 0);
        }

        var exchanges = WireExchange.Match(network.Wire.Packets);
        var late = exchanges.Select(exchange => (exchange.Rtt!.Value / 1000.0) - delay.TotalMicroseconds).Order()
            .ToList();
        output.WriteLine(
            $"late by p50 {late[250]:F1} µs, p90 {late[450]:F1} µs, p99 {late[495]:F1} µs, most {late[^1]:F1} µs");
        Assert.Equal(500, late.Count);
        Assert.True(late[0] >= 0, "an answer came before it was due");
        Assert.True(late[250] <= 200, $"half the answers are late by more than {late[250]} µs");
    }

    [Fact]
    public void The_kernels_stamps_and_the_responders_own_agree()
    {
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(1)) });
        using var client = new EchoClient(network, isV6: false);

        for (ushort sequence = 0; sequence < 200; sequence++)
        {
            client.Send(network.Addresses.Host4(1), Identifier, sequence);
            client.Receive(1);
        }

        var offset = LibC.RealtimeMinusMonotonic();
        var exchanges = WireExchange.Match(network.Wire.Packets).ToDictionary(exchange => exchange.Probe);
        var sent = network.Responder.Sent.Written.ToArray();
        var reading = sent.Select(answer => answer.SeenAt + offset - exchanges[answer.Probe].SentAt).Order().ToList();
        var writing = sent.Select(answer => exchanges[answer.Probe].RepliedAt!.Value - answer.WrittenAt - offset)
            .Order().ToList();
        output.WriteLine(
            $"request read after p50 {reading[100] / 1e3:F1} µs, reply stamped after p50 {writing[100] / 1e3:F1} µs");
        Assert.Equal(200, sent.Length);
        Assert.True(reading[0] > -2_000, "a request was read before the kernel stamped it");
        Assert.True(writing[0] > -2_000, "a reply was stamped before it was written");
        Assert.InRange(writing[100], -2_000, 50_000);
    }

    [Fact]
    public void Twenty_thousand_packets_a_second_are_answered_without_garbage()
    {
        const int Packets = 20_000;
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20)) });
        using var client = new EchoClient(network, isV6: false);
        var hosts = Enumerable.Range(1, 1000).Select(n => new IPEndPoint(network.Addresses.Host4(n), 0).Serialize())
            .ToArray();
        var payload = EchoClient.Payload(1, 56);
        SendAtRate(client, hosts, payload, from: 0, count: 1000);
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var startedAt = LibC.Monotonic();

        SendAtRate(client, hosts, payload, from: 1000, Packets);

        var took = TimeSpan.FromTicks((LibC.Monotonic() - startedAt) / 100);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        Assert.True(
            SpinWait.SpinUntil(() => network.Responder.Sent.Written.Length == Packets + 1000, TimeSpan.FromSeconds(5)));
        var late = network.Responder.Sent.Written.ToArray().Select(answer => answer.Lateness / 1e3).Order().ToList();
        var exchanges = WireExchange.Match(network.Wire.Packets);
        var rtt = exchanges.Select(exchange => exchange.Rtt!.Value / 1e3).Order().ToList();
        output.WriteLine(
            $"{Packets / took.TotalSeconds:F0} requests/s; written late by p50 {late[late.Count / 2]:F1} µs, "
            + $"p99 {late[late.Count * 99 / 100]:F1} µs; wire RTT p50 {rtt[rtt.Count / 2]:F1} µs, "
            + $"p99 {rtt[rtt.Count * 99 / 100]:F1} µs; {allocated} bytes allocated");
        Assert.Equal(Packets + 1000, rtt.Count);
        Assert.Equal(0, network.Wire.Missing);
        Assert.Equal(0, network.Responder.Refused);
        Assert.Null(network.Responder.Fault);
        Assert.True(allocated < 100_000, $"{allocated} bytes were allocated");
    }

    [Fact]
    public void Two_networks_stand_side_by_side_and_one_in_a_namespace_apart()
    {
        using var first = LabRun.StartOrSkip();
        using var second = LabRun.StartOrSkip();
        using var apart = LabRun.StartOrSkip(new() { Namespace = $"sonde{Environment.ProcessId}" });

        Assert.NotEqual(first.Addresses.Prefix4, second.Addresses.Prefix4);
        Assert.True(Directory.Exists($"/sys/class/net/{first.Device}"));
        Assert.False(Directory.Exists($"/sys/class/net/{apart.Device}"));
    }

    /// <summary>Sends one packet each 50 µs; a packet that is due late is sent at once.</summary>
    private static void SendAtRate(EchoClient client, SocketAddress[] hosts, byte[] payload, int from, int count)
    {
        var start = LibC.Monotonic();
        for (var sent = 0; sent < count; sent++)
        {
            while (LibC.Monotonic() < start + (sent * 50_000L))
            {
                Thread.SpinWait(20);
            }
            client.Send(hosts[sent % hosts.Length], Identifier, (ushort)(from + sent), payload);
        }
    }
}
