using System.Globalization;
using System.Net;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>The states that the page shows, while simulated hosts fail and recover.</summary>
public sealed class StateTests
{
    private const int Hosts = 6;
    private static readonly SimulatedHost Well = SimulatedHost.Answering(TimeSpan.FromMilliseconds(5));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_goes_down_after_three_lost_rounds_and_up_again_and_loss_makes_it_degraded()
    {
        using var network = LabRun.StartOrSkip(new() { Others = Well });
        network.Hosts[2] = Well with { LoseEvery = 10 };
        network.Hosts[3] = Well with { LoseEvery = 40 };
        network.Hosts[4] = SimulatedHost.Silent;
        network.Hosts[5] = SimulatedHost.Silent;
        using var folder = new WorkFolder(
            "defaults: {interval: 200ms, packets: 4, timeout: 300ms}\ntargets:\n" + string.Concat(
            Enumerable.Range(1, Hosts).Select(n => string.Create(
                CultureInfo.InvariantCulture, $"  - host-{n}: {network.Addresses.Host4(n)}\n"))));
        await using var run = await SondeRun.StartAsync(folder, Token);

        await run.AwaitTargetsAsync(
            rows => States(rows) is "up degraded up down down up", "hosts up, degraded, up, down, down, up");
        var page = WebUtility.HtmlDecode(await run.OverviewAsync());
        var silentSince = DateTimeOffset.UtcNow;
        network.Hosts[1] = SimulatedHost.Silent;
        network.Hosts[4] = Well;
        await run.AwaitTargetsAsync(rows => rows["host-1"].State() == "down", "host 1 down");
        var downSince = (await run.TargetsAsync())["host-1"].GetProperty("stateSince").GetDateTimeOffset();
        await run.AwaitTargetsAsync(
            rows => rows["host-4"].State() == "degraded", "host 4 answers, with what it lost before");
        network.Hosts[1] = Well;
        await run.AwaitTargetsAsync(rows => rows["host-1"].State() is "degraded" or "up", "host 1 answers again");
        var rows = await run.TargetsAsync();
        Assert.Equal(0, await run.StopAsync());

        Assert.Contains("degraded", page, StringComparison.Ordinal);
        Assert.Contains("down", page, StringComparison.Ordinal);
        Assert.Equal(1, rows["host-5"].GetProperty("lossRatio").GetDouble());
        Assert.Equal(0, rows["host-5"].GetProperty("uptimeRatio").GetDouble());
        Assert.Equal(1, rows["host-6"].GetProperty("uptimeRatio").GetDouble());
        Assert.InRange(rows["host-2"].GetProperty("lossRatio").GetDouble(), 0.05, 0.2);
        Assert.True(downSince > silentSince, $"silent since {silentSince:O}, down since {downSince:O}");
        await AssertThreeRoundsLostBeforeAsync(folder, downSince);
    }

    /// <summary>
    /// When host 1 was called down, its last three rounds of four probes were lost, and the one before was not.
    /// </summary>
    private static async Task AssertThreeRoundsLostBeforeAsync(WorkFolder folder, DateTimeOffset downSince)
    {
        var rounds = (await StoredSample.ExportByCheckAsync(folder.Data, Token))["icmp-host-1"]
            .GroupBy(sample => sample.Round).ToList();
        var firstLost = rounds.FindIndex(round => round.All(sample => sample.Loss == "timeout"));
        Assert.True(firstLost > 0);
        Assert.All(
            rounds.Skip(firstLost).Take(3), round => Assert.All(round, sample => Assert.Equal("timeout", sample.Loss)));
        var thirdLost = rounds[firstLost + 2];
        Assert.True(
            downSince > thirdLost.Max(sample => sample.SentAt), "it was called down before the third round was lost");
        Assert.True(
            downSince < thirdLost.Max(sample => sample.SentAt) + TimeSpan.FromSeconds(1.5),
            "it was called down too late");
    }

    private static string States(IReadOnlyDictionary<string, System.Text.Json.JsonElement> rows) =>
        string.Join(' ', Enumerable.Range(1, Hosts).Select(n => rows[$"host-{n}"].State()));
}
