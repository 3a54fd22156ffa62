using Microsoft.Playwright;
using Sonde.Configuration;
using Sonde.Targets;
using Sonde.Tests;
using Sonde.Web;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sonde.SystemTests.Browser;

/// <summary>The pages in a real browser, on the real site.</summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string[] Paths = ["/", "/targets/icmp-host-001", "/about/numbers"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_moves_when_a_sample_arrives()
    {
        await using var site = await StartAsync(3);
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/");
        await LiveAsync(page);

        Measure(site, 0, 123_400);
        Measure(site, 1, null);

        await Expect(page.Locator("tr[data-id=icmp-host-001] [data-figure=last]")).ToHaveTextAsync("123");
        await Expect(page.Locator("tr[data-id=icmp-host-002] [data-figure=last]")).ToHaveTextAsync("lost");
        await Expect(page.Locator("tr[data-id=icmp-host-001] [data-figure=loss]")).ToHaveTextAsync("0 %");
        visit.AssertClean();
    }

    [Fact]
    public async Task What_a_script_writes_reads_as_what_the_server_writes()
    {
        long?[] times = [0, 42, 999, 9_996, 99_940, 99_960, 1_234_500, null];
        var clock = new FixedTimeProvider(SampleNetwork.Now);
        await using var site = await RunningSite.StartAsync(SampleNetwork.Many(times.Length), clock);
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/");
        await LiveAsync(page);
        Assert.All(await page.Locator("td.number").AllInnerTextsAsync(), text => Assert.Equal("–", text));

        for (var round = 0; round < 40; round++)
        {
            for (var check = 0; check < times.Length; check++)
            {
                var rtt = (round + check) % 17 == 0 ? null : times[check] * (1 + round % 3);
                var sentAt = SampleNetwork.Now.ToUnixTimeMilliseconds() - 60_000 + round * 1_000;
                site.Measure(site.Configuration.Checks[check], sentAt, rtt);
            }
        }
        clock.Now += TimeSpan.FromSeconds(1);
        site.Stream.Tick();
        await Expect(page.Locator("tr[data-id=icmp-host-008] [data-figure=last]")).ToHaveTextAsync("lost");
        var written = await CellsAsync(page);
        await page.ReloadAsync();

        Assert.Equal(await CellsAsync(page), written);
        visit.AssertClean();
    }

    [Fact]
    public async Task The_totals_follow_the_states()
    {
        await using var site = await StartAsync(3);
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/");
        await LiveAsync(page);

        for (var round = 0; round < 3; round++)
        {
            Measure(site, 1, null);
        }

        await Expect(page.Locator("[data-count=down]")).ToHaveTextAsync("1");
        await Expect(page.Locator("tr[data-id=icmp-host-002] .state")).ToHaveTextAsync("down");
    }

    [Fact]
    public async Task The_chart_of_a_target_takes_in_new_samples_and_its_windows_follow()
    {
        await using var site = await StartAsync(2);
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/targets/icmp-host-001");
        await Expect(page.Locator("latency-chart canvas")).ToBeVisibleAsync();
        await LiveAsync(page);

        var sentAt = Measure(site, 0, 77_000);

        await Expect(page.Locator("latency-chart")).ToHaveAttributeAsync("data-newest", $"{sentAt}");
        await Expect(page.Locator("[data-window='4/5/maxMs']")).ToHaveTextAsync("77.0");
        visit.AssertClean();
    }

    [Fact]
    public async Task Filters_filter_while_one_types_and_stand_in_the_address()
    {
        await using var site = await StartAsync(60);
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/");
        await Expect(page.Locator("tr[data-id]")).ToHaveCountAsync(60);

        await page.Locator("input[name=q]").FillAsync("host 00");
        await Expect(page.Locator("tr[data-id]")).ToHaveCountAsync(9);
        await page.Locator("select[name=state]").SelectOptionAsync("down");
        await Expect(page.Locator("tr[data-id]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".nothing")).ToContainTextAsync("No target fits");

        Assert.Contains("state=down", page.Url, StringComparison.Ordinal);
        Assert.Equal(1, visit.Requests.Count(url => url.EndsWith(".css", StringComparison.Ordinal)));
        visit.AssertClean();
    }

    [Fact]
    public async Task The_switch_turns_the_theme_and_the_choice_stays()
    {
        await using var site = await StartAsync(1);
        await using var visit =
            await Visit.StartAsync(chromium, site, new BrowserNewContextOptions { ColorScheme = ColorScheme.Light });
        var page = await visit.OpenAsync("/");
        var before = await BackgroundAsync(page);

        await page.Locator("theme-switch button").ClickAsync();
        var after = await BackgroundAsync(page);
        await page.ReloadAsync();

        Assert.NotEqual(before, after);
        Assert.Equal(after, await BackgroundAsync(page));
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        visit.AssertClean();
    }

    [Fact]
    public async Task Ten_tabs_stay_live_over_one_connection()
    {
        await using var site = await StartAsync(3);
        await using var visit = await Visit.StartAsync(chromium, site);
        var pages = new List<IPage>();
        for (var tab = 0; tab < 10; tab++)
        {
            pages.Add(await visit.OpenAsync(tab == 9 ? "/targets/icmp-host-001" : "/"));
        }
        await LiveAsync(pages[9]);

        var sentAt = Measure(site, 0, 55_500);

        foreach (var page in pages[..9])
        {
            await Expect(page.Locator("tr[data-id=icmp-host-001] [data-figure=last]")).ToHaveTextAsync("55.5");
        }
        await Expect(pages[9].Locator("latency-chart")).ToHaveAttributeAsync("data-newest", $"{sentAt}");
        Assert.InRange(site.Stream.ReaderCount, 1, 2);   // of one connection: all rows, and one target
        visit.AssertClean();
    }

    [Fact]
    public async Task Without_script_the_page_is_complete_and_its_form_filters()
    {
        await using var site = await StartAsync(12);
        await using var visit =
            await Visit.StartAsync(chromium, site, new BrowserNewContextOptions { JavaScriptEnabled = false });
        var page = await visit.OpenAsync("/");

        await page.Locator("input[name=q]").FillAsync("host 01");
        await page.Locator(".filters button").ClickAsync();
        await Expect(page.Locator("tr[data-id]")).ToHaveCountAsync(3);
        await page.Locator("tr[data-id=icmp-host-010] a").ClickAsync();

        await Expect(page.Locator("latency-chart svg .line")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-window='4/1/sent']")).Not.ToHaveTextAsync("0");
        await Expect(page.Locator("theme-switch")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_phone_need_not_scroll_sideways()
    {
        await using var site = await StartAsync(2,
            [new string('W', 80), "a name with spaces and averyveryverylongwordthatdoesnotbreakanywhere.example"]);
        foreach (var path in (string[])[.. Paths, $"/targets/{site.Configuration.Checks[^1].Id}"])
        {
            var size = new ViewportSize { Width = 360, Height = 740 };
            var phone = new BrowserNewContextOptions { ViewportSize = size, IsMobile = true };
            await using var visit = await Visit.StartAsync(chromium, site, phone);
            var page = await visit.OpenAsync(path);
            Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    [Fact]
    public async Task Nothing_comes_from_elsewhere_and_the_console_is_silent()
    {
        await using var site = await StartAsync(3);
        await using var visit = await Visit.StartAsync(chromium, site);

        foreach (var path in Paths)
        {
            await visit.OpenAsync(path);
        }

        Assert.True(visit.Requests.Count() > 6);
        visit.AssertClean();
    }

    [Fact]
    public async Task Under_a_base_path_the_page_is_as_live_as_at_the_root()
    {
        await using var site = await StartAsync(2, basePath: "/net/sonde");
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/net/sonde/");
        await LiveAsync(page);

        Measure(site, 0, 44_400);
        await Expect(page.Locator("tr[data-id=icmp-host-001] [data-figure=last]")).ToHaveTextAsync("44.4");
        await page.Locator("tr[data-id=icmp-host-001] a").ClickAsync();

        await Expect(page.Locator("latency-chart canvas")).ToBeVisibleAsync();
        Assert.All(visit.Requests, url =>
            Assert.StartsWith($"{site.Address}net/sonde/", url, StringComparison.Ordinal));
        visit.AssertClean();
    }

    [Fact]
    public async Task The_first_load_with_50_targets_takes_at_most_100_kilobytes()
    {
        await using var site = await StartAsync(50);
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.NewPageAsync();
        var loaded = new List<IRequest>();
        page.RequestFinished += (_, request) => loaded.Add(request);
        await page.GotoAsync("/");
        await LiveAsync(page);

        var bytes = 0;
        foreach (var request in loaded.ToList())
        {
            var sizes = await request.SizesAsync();
            bytes += sizes.ResponseBodySize + sizes.ResponseHeadersSize;
        }
        using var worker = new HttpRequestMessage(HttpMethod.Get, Bundle.AddressOf("live-worker.ts"));
        worker.Headers.AcceptEncoding.ParseAdd("br");
        using var answer = await site.Client.SendAsync(worker, Token);
        bytes += (await answer.Content.ReadAsByteArrayAsync(Token)).Length;

        TestContext.Current.SendDiagnosticMessage("first load of / with 50 targets: {0} bytes", bytes);
        Assert.InRange(bytes, 5_000, 100 * 1_024);
    }

    private static async Task<RunningSite> StartAsync(int count, IReadOnlyList<string>? names = null,
        string basePath = "")
    {
        var many = SampleNetwork.Many(count);
        var configuration = many with
        {
            Checks = [.. many.Checks, .. (names ?? [])
                .Select(name => many.Checks[0] with { Name = name, Id = CheckId.FromName(CheckKind.Icmp, name) })],
            Web = new WebConfiguration { BasePath = basePath },
        };
        var site = await RunningSite.StartAsync(configuration);
        SampleNetwork.FillQuietly(site, site.Time.GetUtcNow().ToUnixTimeMilliseconds() - 1_000, seconds: 120);
        return site;
    }

    private static long Measure(RunningSite site, int check, long? rtt)
    {
        var now = site.Time.GetUtcNow().ToUnixTimeMilliseconds();
        site.Measure(site.Configuration.Checks[check], now, rtt);
        return now;
    }

    /// <summary>What moves in the rows and totals: texts, states, and the small lines.</summary>
    private static async Task<IReadOnlyList<string>> CellsAsync(IPage page) =>
    [
        .. await page.Locator("td.number, tr .state, .total").AllInnerTextsAsync(),
        .. await page.Locator(".trace path")
            .EvaluateAllAsync<string[]>("paths => paths.map(path => path.getAttribute('d'))"),
    ];

    private static Task LiveAsync(IPage page) =>
        Expect(page.Locator("live-light[data-status=live]")).ToBeVisibleAsync();

    private static Task<string> BackgroundAsync(IPage page) =>
        page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
