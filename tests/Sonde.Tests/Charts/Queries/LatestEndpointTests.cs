using System.Net;
using Sonde.Charts.Queries;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

public sealed class LatestEndpointTests
{
    private static readonly long At = QueryLab.Now.ToUnixTimeMilliseconds();

    [Fact]
    public async Task The_last_sample_of_each_series_is_told_in_its_unit()
    {
        await using var lab = await QueryLab.StartAsync();
        var check = lab.Site.Configuration.Checks[0];
        lab.Site.Measure(check, At - 2_000, 5_000);
        lab.Site.Measure(check, At - 1_000, 1_234, isSuspect: true);
        lab.Site.Measure(check, At - 900, null, family: 6);
        lab.Site.Find(check, At - 1_000, new Quantity("certificate", "s"), -5);

        var answer = await lab.GetAsync<LatestOfSeries>("/api/v1/targets/icmp-router/latest");

        Assert.Equal(
            [
                new("icmp-router", "local", 4, "certificate", "s", QueryLab.Now.AddSeconds(-1), null, null, false) { Value = -5 },
                new("icmp-router", "local", 4, "rtt", "ms", QueryLab.Now.AddSeconds(-1), 1.234, null, true),
                new LatestSample("icmp-router", "local", 6, "rtt", "ms", QueryLab.Now.AddSeconds(-0.9), null, "timeout", false),
            ],
            answer.Series);
    }

    [Fact]
    public async Task Many_targets_are_told_at_once_of_one_quantity_if_it_is_named()
    {
        await using var lab = await QueryLab.StartAsync(Checks.Icmp("a"), Checks.Icmp("b"), Checks.Icmp("c"));
        lab.Site.Measure(lab.Site.Configuration.Checks[0], At - 1_000, 1_000);
        lab.Site.Measure(lab.Site.Configuration.Checks[1], At - 1_000, 2_000);
        lab.Site.Find(lab.Site.Configuration.Checks[1], At - 1_000, new Quantity("tls", "us"), 500);

        var all = await lab.GetAsync<LatestOfSeries>("/api/v1/latest?targets=all");
        var rtts = await lab.GetAsync<LatestOfSeries>("/api/v1/latest?targets=all&quantity=rtt");

        Assert.Equal([("icmp-a", 1), ("icmp-b", 2), ("icmp-b", 0.5)], all.Series.Select(one => (one.Id, one.ValueMs)));
        Assert.Equal([("icmp-a", 1), ("icmp-b", 2)], rtts.Series.Select(one => (one.Id, one.ValueMs)));
    }

    [Fact]
    public async Task A_target_that_left_the_configuration_answers_and_an_unknown_one_is_not_found()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-gone");

        var gone = await lab.GetAsync<LatestOfSeries>("/api/v1/targets/icmp-gone/latest");
        var (none, _) = await lab.AskAsync("/api/v1/targets/icmp-none/latest");
        var (quantity, _) = await lab.AskAsync("/api/v1/targets/icmp-router/latest?quantity=tls");

        Assert.Single(gone.Series);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (none, quantity));
    }
}
