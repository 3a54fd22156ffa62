using System.Net;
using System.Text.Json;
using Sonde.Cli;
using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Charts;

public sealed class TargetsEndpointTests
{
    private const string Evil = "<script>alert(1)</script>";

    private static readonly DateTimeOffset Now = new(2026, 1, 15, 10, 30, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_target_is_told_with_its_windows_and_null_where_nothing_is()
    {
        await using var site = await StartAsync();
        site.Measure(site.Configuration.Checks[0], Now.ToUnixTimeMilliseconds() - 3_000, 12_345);
        site.Measure(site.Configuration.Checks[0], Now.ToUnixTimeMilliseconds() - 2_000, null,
            LossReason.HostUnreachable);

        var details = (await GetAsync(site, "/api/v1/targets/icmp-router")).RootElement;
        var target = details.GetProperty("target");
        var window = details.GetProperty("series")[0].GetProperty("windows")[1];

        Assert.Equal("degraded", target.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, target.GetProperty("lastRttMs").ValueKind);
        Assert.Equal("hostUnreachable", target.GetProperty("lastLoss").GetString());
        Assert.Equal(5, window.GetProperty("minutes").GetInt32());
        Assert.Equal(2, window.GetProperty("sent").GetInt64());
        Assert.Equal(0.5, window.GetProperty("lossRatio").GetDouble());
        Assert.Equal(12.345, window.GetProperty("meanMs").GetDouble());
        Assert.Equal(JsonValueKind.Null, window.GetProperty("jitterMs").ValueKind);
        Assert.Equal("hostUnreachable", window.GetProperty("losses")[0].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("/api/v1/targets/UPPER", "id")]
    [InlineData("/api/v1/targets/UPPER/samples", "id")]
    [InlineData("/api/v1/targets?state=asleep", "state")]
    [InlineData("/api/v1/targets/icmp-router/samples?from=yesterday", "from")]
    [InlineData("/api/v1/targets/icmp-router/samples?to=1e9", "to")]
    [InlineData("/api/v1/targets/icmp-router/samples?from=2026-01-01T00:00:00Z", "from")]
    [InlineData("/api/v1/targets/icmp-router/samples?from=2026-01-15T10:00:00Z&to=2026-01-15T10:00:00Z", "from")]
    [InlineData("/api/v1/live?target=a%20b", "target")]
    [InlineData("/api/v1/live?rows=some", "rows")]
    [InlineData("/api/v1/live?after=x", "after")]
    public async Task A_bad_parameter_is_answered_with_400_and_its_name(string path, string parameter)
    {
        await using var site = await StartAsync();

        using var answer = await site.Client.GetAsync(path, Token);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(parameter, out _),
            problem.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/targets/none")]
    [InlineData("/api/v1/targets/none/samples")]
    [InlineData("/api/v1/live?target=none")]
    [InlineData("/targets/none")]
    public async Task A_target_that_is_not_there_is_answered_with_404(string path)
    {
        await using var site = await StartAsync();

        using var answer = await site.Client.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_of_a_malformed_id_is_a_bad_request_in_words()
    {
        await using var site = await StartAsync();

        using var answer = await site.Client.GetAsync("/targets/NO!", Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("not the id of a target", await answer.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_come_by_columns_in_time_order_with_the_marks()
    {
        await using var site = await StartAsync();
        var check = site.Configuration.Checks[0];
        site.Measure(check, Now.ToUnixTimeMilliseconds() - 20 * 60_000, 9_000);
        site.Measure(check, Now.ToUnixTimeMilliseconds() - 2_000, 1_500, isSuspect: true);
        site.Measure(check, Now.ToUnixTimeMilliseconds() - 1_000, null);
        await site.Store.AddMarkAsync(
            new Mark(Now.ToUnixTimeMilliseconds() - 500, MarkKind.ClockStepped, null, "stepped by 2 s"), Token);
        await site.Store.AddMarkAsync(
            new Mark(Now.ToUnixTimeMilliseconds() - 400, MarkKind.AddressChanged,
                Checks.Icmp("other").Id, "not ours"), Token);

        var chart = (await GetAsync(site, "/api/v1/targets/icmp-router/samples")).RootElement;
        var series = Assert.Single(chart.GetProperty("series").EnumerateArray());

        Assert.Equal([1.5, null], series.GetProperty("rttMs").EnumerateArray()
            .Select(rtt => rtt.ValueKind == JsonValueKind.Null ? (double?)null : rtt.GetDouble()));
        Assert.Equal([null, "timeout"], series.GetProperty("loss").EnumerateArray().Select(loss => loss.GetString()));
        Assert.Equal([true, false],
            series.GetProperty("suspect").EnumerateArray().Select(suspect => suspect.GetBoolean()));
        Assert.Equal("clockStepped",
            Assert.Single(chart.GetProperty("marks").EnumerateArray()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Samples_beyond_what_an_answer_takes_are_left_out_the_oldest_first_and_a_longer_span_is_pointed_on()
    {
        await using var site = await StartAsync();
        var series = site.Catalog.GetOrAdd(new(site.Configuration.Checks[0].Id, "local", 4, Quantity.Rtt));
        site.Live.Take([Given.Sample(series, 1) with { SentAtMilliseconds = Now.ToUnixTimeMilliseconds() - 1 }], []);
        for (var second = 20_001; second > 0; second--)
        {
            site.Store.Add(Given.Sample(series, 20_002 - second) with
            {
                SentAtMilliseconds = Now.ToUnixTimeMilliseconds() - (second * 1_000),
            });
        }

        var all = (await GetAsync(site, "/api/v1/targets/icmp-router/samples?from=2026-01-15T00:00:00Z")).RootElement;
        var fewer = (await GetAsync(site, "/api/v1/targets/icmp-router/samples?from=2026-01-15T10:00:00Z")).RootElement;
        using var refused = await site.Client.GetAsync(
            "/api/v1/targets/icmp-router/samples?from=2026-01-10T10:00:00Z", Token);

        Assert.True(all.GetProperty("isTruncated").GetBoolean());
        Assert.Equal((20_000, 2), (all.GetProperty("series")[0].GetProperty("round").GetArrayLength(),
            all.GetProperty("series")[0].GetProperty("round")[0].GetInt32()));
        Assert.False(fewer.GetProperty("isTruncated").GetBoolean());
        Assert.Contains("api/v1/targets/icmp-router/windows", await refused.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_left_the_configuration_still_tells_its_samples()
    {
        await using var site = await StartAsync();
        site.Measure(Checks.Icmp("gone"), Now.ToUnixTimeMilliseconds() - 1_000, 1_500);

        var chart = (await GetAsync(site, "/api/v1/targets/icmp-gone/samples")).RootElement;

        Assert.Equal(JsonValueKind.Null, chart.GetProperty("intervalSeconds").ValueKind);
        Assert.Equal(1.5, chart.GetProperty("series")[0].GetProperty("rttMs")[0].GetDouble());
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_said_in_words_and_the_page_still_stands()
    {
        await using var site = await StartAsync();
        site.Measure(site.Configuration.Checks[0], Now.ToUnixTimeMilliseconds() - 1_000, 1_000);
        site.Store.Problem = "The disk is full.";

        using var answer = await site.Client.GetAsync("/api/v1/targets/icmp-router/samples", Token);
        var page = await site.Client.GetStringAsync("/targets/icmp-router", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("The disk is full.", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Contains("The disk is full.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_configuration_names_is_encoded_everywhere()
    {
        var evil = Checks.Icmp("x", Evil, Evil, Evil) with { Name = Evil, Host = Evil };
        await using var site =
            await RunningSite.StartAsync(Checks.Configuration(evil, evil with { Id = Checks.Icmp("y").Id }),
                new FixedTimeProvider(Now));
        site.Measure(evil, Now.ToUnixTimeMilliseconds() - 1_000, 1_000);
        site.Live.SetProblem(evil.Id, Evil);
        await site.Store.AddMarkAsync(new Mark(Now.ToUnixTimeMilliseconds() - 500, MarkKind.Reloaded, null, Evil),
            Token);

        string[] paths =
            ["/", "/?by=tag", "/?q=" + Evil, "/targets/icmp-x", "/api/v1/targets", "/api/v1/targets/icmp-x/samples"];
        foreach (var path in paths)
        {
            var text = await site.Client.GetStringAsync(path, Token);
            Assert.DoesNotContain("<script>alert", text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("alert(1)", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_document_of_the_api_lists_every_endpoint()
    {
        await using var site = await StartAsync();

        var paths = (await GetAsync(site, "/openapi/v1.json")).RootElement.GetProperty("paths").EnumerateObject()
            .Select(path => path.Name);

        Assert.Equal(
            [
                "/-/reload", "/api/v1/latest", "/api/v1/live", "/api/v1/targets", "/api/v1/targets/{id}",
                "/api/v1/targets/{id}/histogram", "/api/v1/targets/{id}/latest", "/api/v1/targets/{id}/samples",
                "/api/v1/targets/{id}/windows", "/api/v1/windows", "/healthz", "/metrics", "/probe", "/push/{token}", "/push/{token}/fail",
                "/push/{token}/start", "/push/{token}/{exitCode}", "/readyz",
            ],
            paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_of_the_api_says_how_a_reload_may_be_refused()
    {
        await using var site = await StartAsync();

        var reload = (await GetAsync(site, "/openapi/v1.json")).RootElement.GetProperty("paths")
            .GetProperty("/-/reload").GetProperty("post").GetProperty("responses");

        Assert.Equal(["200", "401", "403", "422"], reload.EnumerateObject().Select(answer => answer.Name).Order());
    }

    [Fact]
    public async Task A_target_over_both_families_tells_each_and_which_is_down()
    {
        await using var site = await StartBothAsync();

        var row = (await GetAsync(site, "/api/v1/targets")).RootElement[0];
        var details = (await GetAsync(site, "/api/v1/targets/icmp-both")).RootElement;
        var page = await site.Client.GetStringAsync("/", Token);

        Assert.Equal(("degraded", "IPv6 down", 0.5), (row.GetProperty("state").GetString(),
            row.GetProperty("problem").GetString(), row.GetProperty("uptimeRatio").GetDouble()));
        var families = row.GetProperty("families").EnumerateArray().ToList();
        Assert.Equal([(4, "up"), (6, "down")], families.Select(one =>
            (one.GetProperty("family").GetInt32(), one.GetProperty("state").GetString())));
        Assert.Equal((5, "timeout"), (families[0].GetProperty("lastRttMs").GetDouble(),
            families[1].GetProperty("lastLoss").GetString()));
        Assert.Equal([("up", 1), ("down", 0)], details.GetProperty("series").EnumerateArray().Select(one =>
            (one.GetProperty("state").GetString(), one.GetProperty("uptimeRatio").GetDouble())));
        Assert.Contains("IPv6 down", page, StringComparison.Ordinal);
        Assert.Contains("data-family=\"IPv6\" class=\"lost\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_a_second_are_those_that_sonde_check_says()
    {
        await using var site = await StartBothAsync();

        var page = await site.Client.GetStringAsync("/", Token);

        Assert.Equal(8, ConfigurationSummary.ProbesPerSecond(site.Configuration));
        Assert.Contains("<b>8</b> probes/s", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(1, 0, "1 round missed in the last hour")]
    [InlineData(2, 1, "2 rounds missed, 1 answer too late in the last hour")]
    [InlineData(0, 70_000, "70\u202f000 answers too late in the last hour")]
    public async Task Missed_rounds_and_late_answers_are_told_and_shown_when_there_are_any(
        int missed, int late, string words)
    {
        await using var site = await StartAsync();
        var at = Now.ToUnixTimeMilliseconds() - 1_000;
        site.Measure(site.Configuration.Checks[0], at, 1_000, missed: missed, late: late);

        var target = (await GetAsync(site, "/api/v1/targets/icmp-router")).RootElement.GetProperty("target");
        var page = await site.Client.GetStringAsync("/targets/icmp-router", Token);

        Assert.Equal((missed, late),
            (target.GetProperty("missedRounds").GetInt32(), target.GetProperty("lateAnswers").GetInt32()));
        Assert.Contains($"data-figure=\"missed\">{words}</p>", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    private static async Task<RunningSite> StartBothAsync()
    {
        var both = Checks.Icmp("both") with { Family = FamilyChoice.Both, Packets = 4 };
        var site = await RunningSite.StartAsync(Checks.Configuration(both), new FixedTimeProvider(Now));
        for (var second = 4; second > 0; second--)
        {
            site.Measure(both, Now.ToUnixTimeMilliseconds() - second * 1_000, 5_000, family: 4);
            site.Measure(both, Now.ToUnixTimeMilliseconds() - second * 1_000, null, family: 6);
        }
        return site;
    }

    private static Task<RunningSite> StartAsync() =>
        RunningSite.StartAsync(Checks.Configuration(Checks.Icmp("router")), new FixedTimeProvider(Now));

    private static async Task<JsonDocument> GetAsync(RunningSite site, string path) =>
        JsonDocument.Parse(await site.Client.GetStringAsync(path, Token));
}
