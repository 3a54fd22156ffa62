using Sonde.Targets;
using Sonde.Tests;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sonde.SystemTests.Browser;

/// <summary>How pages show a target that is measured over both IP versions.</summary>
public sealed class FamilyTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Row = "tr[data-id=icmp-host-001]";

    [Fact]
    public async Task Each_family_has_a_line_of_its_own_that_moves_and_the_page_says_which_is_down()
    {
        await using var site = await StartAsync();
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/");
        await Expect(page.Locator("live-light[data-status=live]")).ToBeVisibleAsync();
        await Expect(page.Locator($"{Row} [data-figure=last] span")).ToHaveTextAsync(["–", "–"]);

        for (var round = 0; round < 3; round++)
        {
            Measure(site, over4: 12_300, over6: null);
        }

        await Expect(page.Locator($"{Row} [data-figure=last] span")).ToHaveTextAsync(["12.3", "lost"]);
        await Expect(page.Locator($"{Row} [data-figure=loss] span")).ToHaveTextAsync(["0 %", "100 %"]);
        await Expect(page.Locator($"{Row} [data-figure=problem]")).ToHaveTextAsync("IPv6 down");
        await Expect(page.Locator($"{Row} .state")).ToHaveTextAsync("degraded");
        await Expect(page.Locator($"{Row} .trace")).ToHaveCountAsync(2);
        visit.AssertClean();
    }

    [Fact]
    public async Task The_page_of_the_target_shows_the_state_of_each_family_and_follows_it()
    {
        await using var site = await StartAsync();
        Measure(site, over4: 12_300, over6: 15_000);
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/targets/icmp-host-001");
        await Expect(page.Locator("live-light[data-status=live]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-series] .state")).ToHaveTextAsync(["up", "up"]);

        for (var round = 0; round < 3; round++)
        {
            Measure(site, over4: 12_300, over6: null);
        }

        await Expect(page.Locator("[data-series] .state")).ToHaveTextAsync(["up", "down"]);
        await Expect(page.Locator("[data-figure=family-uptime]")).ToHaveTextAsync(["100 %", "25.000 %"]);
        await Expect(page.Locator(".target-head [data-figure=problem]")).ToHaveTextAsync("IPv6 down");
        visit.AssertClean();
    }

    private static async Task<RunningSite> StartAsync()
    {
        var one = SampleNetwork.Many(1);
        return await RunningSite.StartAsync(
            one with { Checks = [one.Checks[0] with { Family = FamilyChoice.Both }] });
    }

    private static void Measure(RunningSite site, long? over4, long? over6)
    {
        var now = site.Time.GetUtcNow().ToUnixTimeMilliseconds();
        site.Measure(site.Configuration.Checks[0], now, over4, family: 4);
        site.Measure(site.Configuration.Checks[0], now, over6, family: 6);
    }
}
