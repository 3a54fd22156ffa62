using System.Net;
using System.Net.Sockets;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Timing;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Tcp;

public sealed class TcpProberTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void A_listening_port_answers_with_the_time_of_the_handshake()
    {
        using var server = TcpServer.Silent();
        using ProberUnderTest under = new();
        MeasurementClock clock = new();
        var before = clock.UtcNow;

        under.Prober.Begin(7, server.Target());
        under.WaitFor(1);

        var result = under.Ended[7];
        Assert.True(result.IsAnswered, result.ToString());
        Assert.InRange(result.SentAt, before - 1_000_000, clock.UtcNow);
        Assert.InRange(result.Rtt.Nanoseconds, under.KernelRtt!.Value.Nanoseconds, clock.UtcNow - before + 1_000_000);
        Assert.Null(under.Prober.KernelRtt);
    }

    [Fact]
    public void IPv6_answers_too()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var server = TcpServer.Silent(IPAddress.IPv6Loopback);

        var result = ProberUnderTest.Probe(server.Target());

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_closed_port_refuses(string address)
    {
        int port;
        using (var listener = TcpServer.Listen(IPAddress.Parse(address), 1))
        {
            port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        }

        var result = ProberUnderTest.Probe(new TcpTarget(IPAddress.Parse(address), port, Patient));

        Assert.Equal(LossReason.Refused, result.Loss);
    }

    [Fact]
    public void A_full_backlog_times_out()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;

        var result = ProberUnderTest.Probe(TargetOf(listener, Short));

        Assert.Equal(LossReason.Timeout, result.Loss);
    }

    [Fact]
    public void A_lost_SYN_makes_the_whole_wait_the_time()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;
        using ProberUnderTest under = new();

        under.Prober.Begin(1, TargetOf(listener, Patient));
        using var accepted = listener.Accept();
        under.WaitFor(1);

        var result = under.Ended[1];
        Assert.True(result.IsAnswered, result.ToString());
        Assert.InRange(result.Rtt.Milliseconds, 900, 9_000);
    }

    [Fact]
    public void A_repeated_SYN_that_is_refused_is_refused()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;
        using ProberUnderTest under = new();

        under.Prober.Begin(1, TargetOf(listener, Patient));
        listener.Dispose();
        under.WaitFor(1);

        Assert.Equal(LossReason.Refused, under.Ended[1].Loss);
    }

    [Fact]
    public void What_a_server_does_after_the_handshake_is_not_a_plain_probes_business()
    {
        using var server = TcpServer.Resetting();
        using ProberUnderTest under = new();

        for (var ticket = 0; ticket < 100; ticket++)
        {
            under.Prober.Begin(ticket, server.Target());
        }
        under.WaitFor(100);

        Assert.All(under.Ended.Values, result => Assert.True(result.IsAnswered, result.ToString()));
    }

    [Fact]
    public async Task A_plain_probe_leaves_with_a_reset()
    {
        using var server = TcpServer.Silent();

        ProberUnderTest.Probe(server.Target());

        Assert.Equal(-1, await server.LastRead.WaitAsync(Patient, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_second_probe_to_a_target_waits_for_the_first()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;
        using ProberUnderTest under = new();
        var target = TargetOf(listener, Short);

        under.Prober.Begin(1, target);
        under.Prober.Begin(2, target);
        under.WaitFor(2);
        under.Prober.Begin(3, target);
        under.WaitFor(3);

        Assert.Equal(NotSentReason.Busy, under.Ended[2].NotSent);
        Assert.Equal(LossReason.Timeout, under.Ended[1].Loss);
        Assert.Equal(LossReason.Timeout, under.Ended[3].Loss);
    }

    [Fact]
    public void More_probes_than_it_can_hold_are_not_sent()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;
        using ProberUnderTest under = new(capacity: 2);

        for (var ticket = 1; ticket <= 3; ticket++)
        {
            under.Prober.Begin(ticket, TargetOf(listener, Short));
        }
        under.WaitFor(3);

        Assert.Equal(NotSentReason.TooManyInFlight, under.Ended[3].NotSent);
        Assert.Equal(LossReason.Timeout, under.Ended[1].Loss);
        Assert.Equal(LossReason.Timeout, under.Ended[2].Loss);
    }

    [Fact]
    public void Probes_end_in_the_order_of_their_deadlines()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;
        using ProberUnderTest under = new();
        int[] milliseconds = [90, 30, 150, 60, 120, 45, 75];

        foreach (var timeout in milliseconds)
        {
            under.Prober.Begin(timeout, TargetOf(listener, TimeSpan.FromMilliseconds(timeout)));
        }
        under.WaitFor(milliseconds.Length);

        Assert.Equal(milliseconds.Order().Select(timeout => (long)timeout), under.Ended.Keys);
        Assert.Equal(long.MaxValue, under.Prober.Advance());
    }

    [Fact]
    public void Without_a_route_nothing_is_sent()
    {
        Assert.SkipWhen(HasDefaultRoute(), "This machine has a default route: a probe would leave it.");

        var result = ProberUnderTest.Probe(new TcpTarget(IPAddress.Parse("240.0.0.1"), 9, Short));

        Assert.Equal(NotSentReason.NoRoute, result.NotSent);
    }

    [Fact]
    public async Task Dispose_closes_what_is_under_way_and_tells_nothing()
    {
        using var server = TcpServer.Silent();
        ProberUnderTest under = new();
        under.Prober.Begin(1, server.Target(null, new TcpStep("never comes", null)));
        under.Prober.Begin(2, server.Target(new TlsSettings("localhost")));

        under.Prober.Dispose();

        Assert.True(await server.LastRead.WaitAsync(Patient, TestContext.Current.CancellationToken) <= 0);
        Assert.Equal(0, under.Count);
        Assert.Throws<ObjectDisposedException>(() => under.Prober.Advance());
        under.Prober.Dispose();
    }

    [Fact]
    public void Dispose_does_not_wait_for_a_handshake()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;
        ProberUnderTest under = new();
        under.Prober.Begin(1, TargetOf(listener, Patient));

        under.Prober.Dispose();

        Assert.Equal(0, under.Count);
    }

    [Fact]
    public void Twenty_thousand_connects_allocate_nearly_nothing()
    {
        using var listener = TcpServer.Listen(IPAddress.Loopback, 1000);
        using ProberUnderTest under = new() { IsRecording = false };
        var target = TargetOf(listener, Patient);
        _ = Connect(listener, under, target);
        long allocated = 0;

        for (var batch = 0; batch < 20; batch++)
        {
            allocated += Connect(listener, under, target);
        }

        Assert.Equal(21_000, under.Answered);
        Assert.InRange(allocated, 0, 2_000);
    }

    [Fact]
    public void Timeouts_allocate_nearly_nothing()
    {
        using var listener = FullListener(out var filler);
        using var _ = filler;
        using ProberUnderTest under = new() { IsRecording = false };
        var targets = Enumerable.Range(0, 500).Select(_ => TargetOf(listener, TimeSpan.FromMilliseconds(10))).ToArray();
        BeginAll(under, targets);
        var before = GC.GetAllocatedBytesForCurrentThread();

        BeginAll(under, targets);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    private static void BeginAll(ProberUnderTest under, TcpTarget[] targets)
    {
        var count = under.Count;
        foreach (var target in targets)
        {
            under.Prober.Begin(0, target);
        }
        under.WaitFor(count + targets.Length);
    }

    /// <summary>
    /// Connects a thousand times and gives the bytes that this allocated, then empties the listener's queue.
    /// </summary>
    private static long Connect(Socket listener, ProberUnderTest under, TcpTarget target)
    {
        const int batch = 1000;
        var expected = under.Count + batch;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var ticket = 0; ticket < batch; ticket++)
        {
            under.Prober.Begin(ticket, target);
        }
        under.WaitFor(expected);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        for (var accepted = 0; accepted < batch; accepted++)
        {
            listener.Accept().Dispose();
        }
        return allocated;
    }

    private static TcpTarget TargetOf(Socket listener, TimeSpan timeout)
    {
        var endPoint = (IPEndPoint)listener.LocalEndPoint!;
        return new TcpTarget(endPoint.Address, endPoint.Port, timeout);
    }

    /// <summary>A listener whose queue is full, so that the kernel drops further SYNs.</summary>
    private static Socket FullListener(out Socket filler)
    {
        var listener = TcpServer.Listen(IPAddress.Loopback, 0);
        filler = new Socket(SocketType.Stream, ProtocolType.Tcp);
        filler.Connect(listener.LocalEndPoint!);
        return listener;
    }

    private static bool HasDefaultRoute() =>
        File.ReadLines("/proc/net/route").Any(line => line.Split('\t') is [_, "00000000", ..]);
}
