using System.Text.RegularExpressions;
using Sonde.Charts;
using Xunit;

namespace Sonde.Tests.Charts;

public sealed partial class OverviewPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 10, 30, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "icmp-a icmp-b icmp-c")]
    [InlineData("?q=ICMP-A", "icmp-a")]
    [InlineData("?q=192.0.2", "icmp-a icmp-b icmp-c")]
    [InlineData("?tag=fast", "icmp-a icmp-b")]
    [InlineData("?tag=fast&region=south", "icmp-b")]
    [InlineData("?state=down", "icmp-b")]
    [InlineData("?state=nonsense", "")]
    [InlineData("?kind=tcp", "")]
    [InlineData("?by=tag", "icmp-a icmp-b icmp-b icmp-c")]
    [InlineData("?by=nonsense&page=-7", "icmp-a icmp-b icmp-c")]
    [InlineData("?page=99999999999999999999", "icmp-a icmp-b icmp-c")]
    public async Task The_address_says_which_rows_stand_there(string query, string ids)
    {
        await using var site = await RunningSite.StartAsync(
            Checks.Configuration(Checks.Icmp("a", "one", "north", "fast"),
                Checks.Icmp("b", "one", "south", "fast", "new"), Checks.Icmp("c", "two")),
            new FixedTimeProvider(Now));
        for (var second = 3; second > 0; second--)
        {
            site.Measure(site.Configuration.Checks[0], Now.ToUnixTimeMilliseconds() - second * 1_000, 5_000);
            site.Measure(site.Configuration.Checks[1], Now.ToUnixTimeMilliseconds() - second * 1_000, null);
        }

        var html = await site.Client.GetStringAsync("/" + query, Token);

        Assert.Equal(ids, string.Join(' ', Row().Matches(html).Select(row => row.Groups[1].Value)));
    }

    [Fact]
    public async Task A_group_says_its_mean_and_who_stands_out()
    {
        await using var site = await RunningSite.StartAsync(
            Checks.Configuration(Checks.Icmp("a", "one"), Checks.Icmp("b", "one")), new FixedTimeProvider(Now));
        site.Measure(site.Configuration.Checks[0], Now.ToUnixTimeMilliseconds() - 2_000, 10_000);
        site.Measure(site.Configuration.Checks[0], Now.ToUnixTimeMilliseconds() - 1_000, 10_000);
        site.Measure(site.Configuration.Checks[1], Now.ToUnixTimeMilliseconds() - 2_000, 12_000);
        site.Measure(site.Configuration.Checks[1], Now.ToUnixTimeMilliseconds() - 1_000, 28_000);

        var html = await site.Client.GetStringAsync("/", Token);

        Assert.Contains("mean <b>15.0</b> ± 5.00 ms", html, StringComparison.Ordinal);
        Assert.Contains("most unstable <a href=\"targets/icmp-b\">b</a> jitter 16.0 ms", html,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thousands_of_targets_come_in_pages_that_leave_nobody_out()
    {
        var checks = Enumerable.Range(0, 1_203).Select(number => Checks.Icmp($"h{number:0000}", $"g{number / 300}"))
            .ToArray();
        await using var site = await RunningSite.StartAsync(Checks.Configuration(checks), new FixedTimeProvider(Now));

        var ids = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            var rows = Row().Matches(await site.Client.GetStringAsync($"/?page={page}", Token))
                .Select(row => row.Groups[1].Value).ToList();
            Assert.InRange(rows.Count, 1, OverviewPageRows.RowsOnPage);
            ids.AddRange(rows);
        }

        Assert.Equal(checks.Select(check => check.Id.Value), ids);
    }

    [GeneratedRegex("<tr data-id=\"([^\"]+)\"")]
    private static partial Regex Row();
}
