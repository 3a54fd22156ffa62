using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>Names, where the resolver is away, and where it knows none.</summary>
public sealed class NamesTests(ITestOutputHelper output)
{
    private const string Mount =
        "mount --bind hosts /etc/hosts && mount --bind resolv.conf /etc/resolv.conf && exec \"$@\"";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_resolver_makes_a_gap_and_delays_nothing()
    {
        Assert.SkipUnless(LibC.EffectiveUser() == 0, "a mount namespace needs root");
        using var resolver = new UdpClient(
            new IPEndPoint(IPAddress.Parse($"127.53.{Environment.ProcessId % 250}.53"), 53));
        using var folder = new WorkFolder(
            "defaults: {interval: 200ms}\ntargets:\n"
            + "  - Known: router.test\n  - Strange: nowhere.example\n  - Here: 127.0.0.1\n");
        File.WriteAllText(folder["hosts"], "127.77.7.7 router.test\n");
        File.WriteAllText(
            folder["resolv.conf"], $"nameserver {((IPEndPoint)resolver.Client.LocalEndPoint!).Address}\n");
        var time = Stopwatch.StartNew();

        await using var run = await SondeRun.Launch(
            folder, ["unshare", "-m", "sh", "-c", Mount, "sh"], Token, "--listen", "127.0.0.1:0").AwaitAddressAsync();
        await run.AwaitTargetsAsync(
            rows => rows["Known"].State() == "up" && rows["Here"].State() == "up", "the others measured");
        var start = time.Elapsed;
        time.Restart();
        var page = await run.OverviewAsync();
        var first = time.Elapsed;
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(resolver.Available > 0), "a question to the resolver", run.Told, Token);
        await run.AwaitTargetsAsync(rows => rows["Strange"].Problem() is not null, "the problem of the name");
        await run.AwaitProgressOfAsync("Known", "Here");
        var rows = await run.TargetsAsync();

        output.WriteLine(
            $"measured {start.TotalSeconds:F2} s after the start; first page in {first.TotalMilliseconds:F0} ms");
        Assert.True(start < TimeSpan.FromSeconds(4), $"it measured only {start.TotalSeconds:F2} s after its start");
        Assert.True(first < TimeSpan.FromSeconds(2), $"the page took {first.TotalSeconds:F2} s");
        Assert.Contains("router.test", page, StringComparison.Ordinal);
        Assert.Equal("unknown", rows["Strange"].State());
        Assert.Contains("resolver", rows["Strange"].Problem(), StringComparison.Ordinal);
        Assert.Equal(0, await run.StopAsync());
        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        Assert.Equal(["icmp-here", "icmp-known"], stored.Select(samples => samples.Key).Order());
        Assert.All(stored.SelectMany(samples => samples), sample => Assert.Empty(sample.Loss));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_lost_by_ping_and_it_says_why()
    {
        Assert.SkipUnless(LibC.EffectiveUser() == 0, "a mount namespace needs root");
        using var resolver = new UdpClient(
            new IPEndPoint(IPAddress.Parse($"127.54.{Environment.ProcessId % 250}.53"), 53));
        using var folder = new WorkFolder();
        File.WriteAllText(folder["hosts"], "");
        File.WriteAllText(
            folder["resolv.conf"], $"nameserver {((IPEndPoint)resolver.Client.LocalEndPoint!).Address}\n");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var denying = DenyAllNamesAsync(resolver, end.Token);

        var ping = await SondeCommand.RunProgramAsync(
            "unshare",
            ["-m", "sh", "-c", Mount, "sh", SondeExecutable.PathOrSkip(), "ping", "-c", "3", "--json", "nowhere.example"],
            folder.FullPath, Token);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => denying);
        Assert.Equal((1, "nowhere.example: the name nowhere.example does not exist\n"), (ping.ExitCode, ping.Errors));
        var told = Assert.Single(ping.Objects);
        Assert.Equal((3, 3), (told.GetProperty("sent").GetInt32(), told.GetProperty("lost").GetInt32()));
        Assert.Equal(1, told.GetProperty("lossRatio").GetDouble());
    }

    /// <summary>Answers every question with NXDOMAIN (RFC 1035 section 4.1.1, response code 3).</summary>
    private static async Task DenyAllNamesAsync(UdpClient resolver, CancellationToken cancellation)
    {
        while (true)
        {
            var question = await resolver.ReceiveAsync(cancellation);
            var answer = question.Buffer;
            (answer[2], answer[3]) = (0x81, 0x83);
            await resolver.SendAsync(answer, question.RemoteEndPoint, cancellation);
        }
    }
}
