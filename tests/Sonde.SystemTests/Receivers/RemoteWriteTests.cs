using Sonde.SystemTests.Executable;
using Xunit;

namespace Sonde.SystemTests.Receivers;

/// <summary>The executable writes its windows to the servers that people run, and a query gives them back.</summary>
public sealed class RemoteWriteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_takes_the_windows()
    {
        using var folder = new WorkFolder();
        await using var server = await MetricsServer.StartPrometheusOrSkipAsync(folder, Token);

        await AssertTakesWindowsAsync(folder, server);
    }

    [Fact]
    public async Task VictoriaMetrics_takes_the_windows()
    {
        using var folder = new WorkFolder();
        await using var server = await MetricsServer.StartVictoriaMetricsOrSkipAsync(folder, Token);

        await AssertTakesWindowsAsync(folder, server);
    }

    [Fact]
    public async Task What_was_measured_while_Prometheus_was_away_arrives_when_it_is_back()
    {
        using var folder = new WorkFolder();
        var server = await MetricsServer.StartPrometheusOrSkipAsync(folder, Token);
        var port = server.Port;
        folder.Write(Configuration(server, 2));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await server.QueryAsync("sonde_probes_sent_total > 2", 2, () => string.Join('\n', run.Log));

        await server.DisposeAsync();
        await run.AwaitLogAsync("cannot be sent the windows; they wait and measuring goes on");
        await run.AwaitProgressAsync();
        var (readiness, _) = await run.ReadyAsync();
        await using var back = await MetricsServer.StartPrometheusOrSkipAsync(folder, Token, port);
        await run.AwaitLogAsync("answers again");
        var gap = await back.QueryAsync("min_over_time((time() - timestamp(sonde_probes_sent_total))[20s:1s]) < 3", 2);

        Assert.Equal(200, readiness);
        Assert.Equal(2, gap.Count);
    }

    private static async Task AssertTakesWindowsAsync(WorkFolder folder, MetricsServer server)
    {
        folder.Write(Configuration(server, 3));
        await using var run = await SondeRun.StartAsync(folder, Token);
        string Told() => string.Join('\n', run.Log);

        var sent = await server.QueryAsync("sonde_probes_sent_total > 5", 3, Told);
        var quantiles = await server.QueryAsync("sonde_probe_rtt_seconds", 9, Told);
        var lost = await server.QueryAsync("sonde_loss_ratio", 3, Told);
        Assert.All(sent, result => Assert.Equal(
            ("4", "icmp", "Seoul", "local"),
            (result.Labels["family"], result.Labels["kind"], result.Labels["region"], result.Labels["vantage_point"])));
        Assert.Equal(["host-1", "host-2", "host-3"], sent.Select(result => result.Labels["target"]).Order());
        Assert.All(quantiles, result => Assert.InRange(result.Value, 1e-6, 1));
        Assert.All(lost, result => Assert.InRange(result.Value, 0, 0.5));

        folder.Write(Configuration(server, 1)); // two checks disappear: their series end at once
        await server.QueryAsync("sonde_probes_sent_total", 1, Told);
        Assert.DoesNotContain(run.Log, line => line.Contains("warn", StringComparison.Ordinal) || line.Contains("error", StringComparison.Ordinal));
    }

    private static string Configuration(MetricsServer server, int targets) =>
        $"remoteWrite: [{{url: '{server.WriteUrl}', interval: 1s}}]\ndefaults: {{interval: 200ms, region: Seoul}}\n"
        + $"targets:\n{WorkFolder.Loopback(targets)}";
}
