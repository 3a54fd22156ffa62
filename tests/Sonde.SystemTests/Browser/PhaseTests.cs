using Microsoft.Playwright;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;
using Sonde.Tests;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sonde.SystemTests.Browser;

/// <summary>How a page shows the phases of an HTTP check, its certificate and its last loss.</summary>
public sealed class PhaseTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const long Day = 86_400;

    [Fact]
    public async Task What_a_script_writes_of_phases_reads_as_what_the_server_writes()
    {
        await using var site = await StartAsync();
        Measure(site, (4, "connect", 2_000), (4, "tls", 4_000));
        await using var visit = await Visit.StartAsync(chromium, site);
        var page = await visit.OpenAsync("/targets/icmp-host-001");
        await Expect(page.Locator("live-light[data-status=live]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-phase='4/tls/last']")).ToHaveTextAsync("4.00");

        Measure(site, (4, "connect", 7_000), (4, "tls", null), (6, "connect", 3_000));
        Find(site, 4, "certificate", "s", 12 * Day + 3_600);
        site.Live.SetLastLoss(site.Configuration.Checks[0].Id,
            new ToldLoss(Now(site), LossReason.TlsCertificate, "certificate expired 3 days ago"));

        await Expect(page.Locator("[data-phase='4/tls/last']")).ToHaveTextAsync("lost");
        await Expect(page.Locator("[data-phase='6/connect/last']")).ToHaveTextAsync("3.00");
        await Expect(page.Locator("[data-figure=certificate]")).ToContainTextAsync("expires in 12 days");
        await Expect(page.Locator("[data-figure=last-loss]")).ToContainTextAsync("certificate expired 3 days ago");
        Measure(site, (4, "connect", 9_000), (4, "tls", 1_234), (6, "connect", null));
        await Expect(page.Locator("[data-phase='6/connect/last']")).ToHaveTextAsync("lost");
        var written = await ReadAsync(page);
        await page.ReloadAsync();

        Assert.Equal(await ReadAsync(page), written);
        visit.AssertClean();
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(IPage page) =>
    [
        await page.Locator("[data-part=phases]").InnerTextAsync(),
        .. await page.Locator("[data-phase-part]").EvaluateAllAsync<string[]>(
            "parts => parts.map(part => `${part.dataset.phasePart} ${part.getAttribute('x')} ${part.getAttribute('width')}`)"),
        .. await page.Locator(".phases td").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.className.trim())"),
        (await page.Locator("[data-figure=certificate]").GetAttributeAsync("class"))!,
        await page.Locator("[data-figure=certificate]").InnerTextAsync(),
        (await page.Locator("[data-figure=last-loss]").GetAttributeAsync("class"))!,
        await page.Locator("[data-figure=last-loss]").InnerTextAsync(),
    ];

    private static async Task<RunningSite> StartAsync()
    {
        var one = SampleNetwork.Many(1);
        return await RunningSite.StartAsync(
            one with { Checks = [one.Checks[0] with { Family = FamilyChoice.Both }] });
    }

    private static void Measure(RunningSite site, params (byte Family, string Phase, long? Time)[] phases)
    {
        foreach (var family in phases.GroupBy(phase => phase.Family))
        {
            var isLost = family.Any(phase => phase.Time is null);
            site.Measure(site.Configuration.Checks[0], Now(site), isLost ? null : family.Sum(phase => phase.Time), family: family.Key);
            foreach (var (_, phase, time) in family)
            {
                Find(site, family.Key, phase, "us", time);
            }
        }
    }

    private static void Find(RunningSite site, byte family, string quantity, string unit, long? value) =>
        site.Find(site.Configuration.Checks[0], Now(site), new Quantity(quantity, unit), value, family: family);

    private static long Now(RunningSite site) => site.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
