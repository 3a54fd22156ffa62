using Microsoft.Playwright;
using Sonde.SystemTests.Executable;
using Sonde.Tests;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sonde.SystemTests.Browser;

/// <summary>The one connection of a browser: closed while nobody looks, and there without a shared worker, too.</summary>
public sealed class LiveConnectionTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string WithoutSharedWorker = "delete window.SharedWorker";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", true)]
    [InlineData("/", false)]
    [InlineData("/targets/icmp-host-001", true)]
    public async Task A_hidden_tab_closes_the_stream_and_has_the_newest_numbers_when_it_returns(
        string path, bool hasSharedWorker)
    {
        await using var site = await StartAsync();
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await OpenAsync(visit, path, hasSharedWorker);
        await AwaitReadersAsync(site, readers => readers > 0);

        await HideAsync(page, isHidden: true);
        await AwaitReadersAsync(site, readers => readers == 0);
        Measure(site, 77_000);
        await HideAsync(page, isHidden: false);

        await (path == "/"
            ? Expect(page.Locator("tr[data-id=icmp-host-001] [data-figure=last]")).ToHaveTextAsync("77.0")
            : Expect(page.Locator("[data-window='4/5/maxMs']")).ToHaveTextAsync("77.0"));
        await AwaitReadersAsync(site, readers => readers > 0);
        visit.AssertClean();
    }

    [Fact]
    public async Task Without_a_shared_worker_the_page_is_live_by_a_connection_of_its_own()
    {
        await using var site = await StartAsync();
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await OpenAsync(visit, "/", hasSharedWorker: false);

        Measure(site, 123_400);

        await Expect(page.Locator("tr[data-id=icmp-host-001] [data-figure=last]")).ToHaveTextAsync("123");
        Assert.Contains(visit.Requests, url => url.Contains("/api/v1/live", StringComparison.Ordinal));
        visit.AssertClean();
    }

    private static async Task<RunningSite> StartAsync()
    {
        var site = await RunningSite.StartAsync(SampleNetwork.Many(2));
        SampleNetwork.FillQuietly(site, site.Time.GetUtcNow().ToUnixTimeMilliseconds() - 1_000, seconds: 10);
        return site;
    }

    private static async Task<IPage> OpenAsync(Visit visit, string path, bool hasSharedWorker)
    {
        var page = await visit.NewPageAsync();
        if (!hasSharedWorker)
        {
            await page.AddInitScriptAsync(WithoutSharedWorker);
        }
        await page.GotoAsync(path);
        await Expect(page.Locator("live-light[data-status=live]")).ToBeVisibleAsync();
        return page;
    }

    private static void Measure(RunningSite site, long rtt) =>
        site.Measure(site.Configuration.Checks[0], site.Time.GetUtcNow().ToUnixTimeMilliseconds(), rtt);

    /// <summary>A browser without a window hides no tab by itself.</summary>
    private static async Task HideAsync(IPage page, bool isHidden) => await page.EvaluateAsync(
        """
        isHidden => {
            Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }
        """,
        isHidden);

    private static Task AwaitReadersAsync(RunningSite site, Func<int, bool> isSo) => Eventually.BecomesTrueAsync(
        () => Task.FromResult(isSo(site.Stream.ReaderCount)), "the readers of the live stream",
        () => $"there are {site.Stream.ReaderCount}", Token);
}
