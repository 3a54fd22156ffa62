using Microsoft.Playwright;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Self;
using Sonde.Targets;
using Sonde.Tests;
using Xunit;

namespace Sonde.SystemTests.Browser;

/// <summary>Takes the pictures of the documentation: the same data and the same instant each time.</summary>
public sealed class PictureTests(Chromium chromium) : IClassFixture<Chromium>
{
    public static TheoryData<string, string, bool> Pictures { get; } = new()
    {
        { "overview", "/", false },
        { "overview", "/", true },
        { "target", "/targets/icmp-isp-gateway", false },
        { "target", "/targets/icmp-isp-gateway", true },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task A_picture_shows_the_page_without_scrolling_sideways(string name, string path, bool isDark)
    {
        var clock = new FixedTimeProvider(SampleNetwork.Now);
        await using var site = await RunningSite.StartAsync(SampleNetwork.Configuration, clock);
        await SampleNetwork.FillAsync(site, clock);
        await using var visit = await Visit.StartAsync(chromium, site, Look(1280, 800, isDark));

        var page = await ShowAsync(visit, path);
        var bytes = await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true });

        Assert.True(bytes.Length > 20_000);
        Assert.Equal(1280, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        visit.AssertClean();
        Keep($"{name}-{(isDark ? "dark" : "light")}.png", bytes);
    }

    /// <summary>Pictures for the reviewer only: cases that the documentation does not show.</summary>
    [Fact]
    public async Task Odd_cases_look_right_too()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("SONDE_PICTURES_OF_ODD_CASES") is not { Length: > 0 },
            "for reviewers only: set SONDE_PICTURES_OF_ODD_CASES=1");
        var clock = new FixedTimeProvider(SampleNetwork.Now);
        await using var site = await RunningSite.StartAsync(SampleNetwork.Configuration, clock);
        await SampleNetwork.FillAsync(site, clock);
        site.Problems.Add(
            new Problem("No permission for ICMP", "This user may neither open raw nor ping sockets; other kinds go on.",
            "sudo setcap cap_net_raw+ep out/sonde", IsUnready: false));
        await using var many =
            await RunningSite.StartAsync(SampleNetwork.Many(200), new FixedTimeProvider(SampleNetwork.Now));
        SampleNetwork.FillQuietly(many, SampleNetwork.Now.ToUnixTimeMilliseconds(), seconds: 60);
        await using var empty = await RunningSite.StartAsync(new(), new FixedTimeProvider(SampleNetwork.Now));
        await using var families = await StartFamiliesAsync();
        await using var web = await StartWebAsync();
        (string Name, RunningSite Site, string Path, int Width, bool Dark, bool Script)[] cases =
        [
            ("phone", site, "/", 390, true, true), ("phone-target", site, "/targets/icmp-tokyo", 390, false, true),
            ("down", site, "/targets/icmp-old-uplink", 1280, false, true),
                ("both", site, "/targets/icmp-tokyo", 1280, true, true),
            ("unmeasured", site, "/targets/icmp-new-server", 1280, false, true),
                ("noscript", site, "/targets/icmp-isp-gateway", 1280, false, false),
            ("many", many, "/", 1280, false, true), ("empty", empty, "/", 1280, false, true),
                ("none", site, "/?q=zzz", 1280, true, true),
            ("numbers", site, "/about/numbers", 1280, false, true),
                ("tag", site, "/?by=tag&state=up", 1280, false, false),
            ("families", families, "/", 1280, false, true), ("families-dark", families, "/", 1280, true, true),
            ("families-tablet", families, "/", 830, false, true),
            ("families-phone", families, "/", 390, false, true),
            ("family", families, "/targets/icmp-ipv6-down", 1280, false, true),
            ("family-dark", families, "/targets/icmp-ipv6-down", 1280, true, true),
            ("family-phone", families, "/targets/icmp-ipv6-down", 390, true, true),
            ("web", web, "/targets/http-shop", 1280, false, true),
            ("web-dark", web, "/targets/http-shop", 1280, true, true),
            ("web-phone", web, "/targets/http-shop", 390, false, false),
            ("web-both", web, "/targets/http-both", 1280, true, true),
            ("tablet", site, "/", 820, false, true), ("missing", site, "/targets/none", 1280, false, true),
        ];
        foreach (var (name, of, path, width, dark, script) in cases)
        {
            var look = Look(width, 800, dark);
            look.JavaScriptEnabled = script;
            await using var visit = await Visit.StartAsync(chromium, of, look);
            var page = await ShowAsync(visit, path);
            await page.ScreenshotAsync(
                new PageScreenshotOptions { FullPage = name != "many", Path = $"/tmp/odd-{name}.png" });
        }
    }

    /// <summary>Targets over both IP versions: well, one down, one without an address.</summary>
    private static async Task<RunningSite> StartFamiliesAsync()
    {
        string[] names = ["Well", "IPv6 down", "IPv4 only", "One family"];
        var checks = names.Select(name => SampleNetwork.Many(1).Checks[0] with
        {
            Id = CheckId.FromName(CheckKind.Icmp, name),
            Name = name,
            Host = "edge-02.exchange.example.net",
            Family = name == names[^1] ? FamilyChoice.Auto : FamilyChoice.Both,
        });
        var site = await RunningSite.StartAsync(
            new() { Checks = [.. checks] }, new FixedTimeProvider(SampleNetwork.Now));
        var end = SampleNetwork.Now.ToUnixTimeMilliseconds();
        SampleNetwork.FillQuietly(site, end);
        for (var at = end - 280_000; at < end; at += 1_000)
        {
            site.Measure(site.Configuration.Checks[0], at, 31_000 + at / 1_000 * 7_919 % 1_700, family: 6);
            site.Measure(site.Configuration.Checks[1], at, at < end - 90_000 ? 9_000 : null, family: 6,
                missed: at == end - 100_000 ? 12 : 0, late: at == end - 50_000 ? 1 : 0);
        }
        site.Live.SetProblem(
            site.Configuration.Checks[2].Id, "IPv6 not sent: edge-02.exchange.example.net has no IPv6 address");
        return site;
    }

    /// <summary>Web sites with phases: one over one IP version and one over both, where a handshake fails.</summary>
    private static async Task<RunningSite> StartWebAsync()
    {
        string[] names = ["Shop", "Both"];
        var checks = names.Select(name => SampleNetwork.Many(1).Checks[0] with
        {
            Id = CheckId.FromName(CheckKind.Http, name),
            Name = name,
            Kind = CheckKind.Http,
            Url = new Uri("https://shop.example.org/health"),
            Http = new HttpSettings(),
            Family = name == "Both" ? FamilyChoice.Both : FamilyChoice.Auto,
        });
        var site = await RunningSite.StartAsync(
            new() { Checks = [.. checks] }, new FixedTimeProvider(SampleNetwork.Now));
        var end = SampleNetwork.Now.ToUnixTimeMilliseconds();
        (string Name, int Time)[] phases =
            [("resolve", 3_200), ("connect", 11_000), ("tls", 24_000), ("processing", 61_000), ("transfer", 5_100)];
        foreach (var (check, family) in site.Configuration.Checks.Select((one, place) => (one, (byte)4))
            .Append((site.Configuration.Checks[1], (byte)6)))
        {
            for (var at = end - 280_000; at < end; at += 1_000)
            {
                var isLost = family == 6 && at / 1_000 % 9 == 0;
                var slower = (long)(family * (at / 1_000 * 7_919 % 700));
                site.Measure(check, at, isLost ? null : 104_300 + 5 * slower, LossReason.TlsHandshake, family: family);
                foreach (var (name, time) in phases.Take(isLost ? 3 : 5))
                {
                    var value = isLost && name == "tls" ? (long?)null : time + slower;
                    site.Find(check, at, new Quantity(name, "us"), value, LossReason.TlsHandshake, family);
                }
                site.Find(check, at, new Quantity("certificate", "s"), family == 6 ? 400_000 : 63 * 86_400 + 60, family: family);
            }
            site.Live.SetLastLoss(check.Id, new ToldLoss(end - 4_000, LossReason.TlsHandshake, "the peer ended the handshake"));
        }
        return site;
    }

    private static BrowserNewContextOptions Look(int width, int height, bool isDark) => new()
    {
        ViewportSize = new ViewportSize { Width = width, Height = height },
        ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
        ReducedMotion = ReducedMotion.Reduce,
    };

    private static async Task<IPage> ShowAsync(Visit visit, string path)
    {
        var page = await visit.NewPageAsync();
        await page.Clock.SetFixedTimeAsync(SampleNetwork.Now.UtcDateTime);
        await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        if (await page.Locator("theme-switch:visible").CountAsync() > 0
            && await page.Locator("latency-chart").CountAsync() > 0)
        {
            await page.Locator("latency-chart[data-drawn]").WaitForAsync();
        }
        return page;
    }

    private static void Keep(string name, byte[] bytes)
    {
        if (Environment.GetEnvironmentVariable("SONDE_PICTURES") != "1")
        {
            return;
        }
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sonde.slnx")))
        {
            folder = folder.Parent!;
        }
        var images = Directory.CreateDirectory(Path.Combine(folder.FullName, "docs", "images"));
        File.WriteAllBytes(Path.Combine(images.FullName, name), bytes);
    }
}
