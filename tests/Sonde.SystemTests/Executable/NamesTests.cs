using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>Names, where the resolver is away: it takes every question and never answers.</summary>
public sealed class NamesTests(ITestOutputHelper output)
{
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
        const string Mount =
            "mount --bind hosts /etc/hosts && mount --bind resolv.conf /etc/resolv.conf && exec \"$@\"";
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
}
