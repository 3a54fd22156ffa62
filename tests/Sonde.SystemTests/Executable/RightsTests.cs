using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>Run by a user who is not root, with and without the right to send ICMP.</summary>
public sealed class RightsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_any_right_it_says_so_once_with_the_remedy_and_tcp_goes_on()
    {
        var nobody = Rights.OfNobodyOrSkip();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var folder = new WorkFolder(
            $"defaults: {{interval: 200ms}}\ntargets:\n{WorkFolder.Loopback(20)}  - Server: {server.LocalEndpoint}\n");
        folder.OpenToAll();

        await using var run = await SondeRun.Launch(
            folder, nobody, Token, "--listen", "127.0.0.1:0").AwaitAddressAsync();
        await run.AwaitTargetsAsync(rows => rows["Server"].State() == "up", "the TCP target up");
        await run.AwaitTargetsAsync(
            rows => rows.Values.Count(row =>
                row.Problem() == "not sent: no permission") == 20,
            "the problem at each of the 20 targets");
        var page = WebUtility.HtmlDecode(await run.OverviewAsync());
        var rows = await run.TargetsAsync();

        Assert.Equal((200, "ready\n"), await run.ReadyAsync());
        Assert.Single(run.Log, line => line.Contains("ICMP is not permitted", StringComparison.Ordinal)
            && line.Contains("sudo setcap cap_net_raw+ep", StringComparison.Ordinal));
        Assert.Single(Regex.Matches(page, "sudo setcap cap_net_raw"));
        Assert.Equal(20, rows.Values.Count(row => row.State() == "unknown"));
        Assert.Equal(0, await run.StopAsync());
        var stored = await StoredSample.ExportByCheckAsync(folder.Data, Token);
        Assert.Equal("tcp-server", Assert.Single(stored).Key);
    }

    [Fact]
    public async Task With_the_right_to_raw_sockets_alone_it_measures()
    {
        using var folder = new WorkFolder(
            "defaults: {interval: 200ms}\ntargets:\n" + WorkFolder.Loopback(20) + "  - Six: '::1'\n");
        folder.OpenToAll();

        await using var run = await SondeRun.Launch(
            folder, Rights.OfNobodyOrSkip("net_raw"), Token, "--listen", "127.0.0.1:0").AwaitAddressAsync();

        await run.AwaitTargetsAsync(rows => rows.Values.All(row => row.State() == "up"), "all targets up");
        Assert.Equal(0, await run.StopAsync());
    }

    [Fact]
    public async Task Without_any_right_it_measures_by_ping_sockets_where_the_system_allows_them()
    {
        var nobody = Rights.OfNobodyOrSkip();
        using var network = new NetworkNamespace($"exe{Environment.ProcessId}");
        var allowed = await SondeCommand.RunProgramAsync(
            "ip", ["netns", "exec", network.Name, "sh", "-c",
                "echo 0 2147483647 > /proc/sys/net/ipv4/ping_group_range"], null, Token);
        Assert.SkipUnless(allowed.ExitCode == 0, $"ping sockets cannot be allowed here: {allowed.Errors}");
        using var folder = new WorkFolder(
            "defaults: {interval: 200ms}\ntargets:\n" + WorkFolder.Loopback(20) + "  - Six: '::1'\n");
        folder.OpenToAll();

        await using var run = await SondeRun.Launch(
            folder, ["ip", "netns", "exec", network.Name, .. nobody], Token, "--listen", "127.0.0.1:0")
            .AwaitAddressAsync();
        await Eventually.BecomesTrueAsync(
            async () => (await StoredSample.ExportByCheckAsync(folder.Data, Token)).Count == 21,
            "samples of all targets", run.Told, Token);

        Assert.Equal(0, await run.StopAsync());
        Assert.All(await StoredSample.ExportAsync(folder.Data, Token), sample => Assert.Empty(sample.Loss));
        Assert.DoesNotContain(run.Log, line => line.Contains("not permitted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_that_needs_permission_is_told_with_the_remedy()
    {
        var nobody = Rights.OfNobodyOrSkip();
        var first = await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", Token);
        Assert.SkipUnless(int.Parse(first, CultureInfo.InvariantCulture) > 80, "everybody may listen on port 80 here");
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        folder.OpenToAll();

        await using var run = SondeRun.Launch(folder, nobody, Token, "--listen", "127.0.0.1:80");

        Assert.Equal(1, await run.AwaitEndAsync());
        var line = Assert.Single(run.Log);
        Assert.Contains("127.0.0.1:80", line, StringComparison.Ordinal);
        Assert.Contains("choose a port above 1023", line, StringComparison.Ordinal);
        Assert.Contains("cap_net_bind_service+ep ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exporting_what_this_user_must_not_see_says_so()
    {
        var nobody = Rights.OfNobodyOrSkip();
        using var folder = new WorkFolder("targets:\n" + WorkFolder.Loopback(1));
        await using (var run = await SondeRun.StartAsync(folder, Token))
        {
            await run.AwaitFirstSamplesAsync();
            Assert.Equal(0, await run.StopAsync());
        }

        var export = await SondeCommand.RunProgramAsync(
            nobody[0], [.. nobody[1..], SondeExecutable.PathOrSkip(), "export", "--data", folder.Data], null, Token);

        Assert.Equal(1, export.ExitCode);
        Assert.Contains(
            $"This user has no permission to look into {folder.Data}", export.Errors, StringComparison.Ordinal);
    }
}
