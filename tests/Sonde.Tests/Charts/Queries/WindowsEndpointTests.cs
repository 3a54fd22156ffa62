using System.Net;
using System.Text.Json;
using Sonde.Charts.Queries;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

public sealed class WindowsEndpointTests
{
    [Theory]
    [InlineData("", 4)]
    [InlineData("&points=7", 4)]
    [InlineData("&step=97s", 6)]
    [InlineData("&step=1.5s", 4)]
    public async Task Columns_are_the_figures_of_windows_made_sample_by_sample(string how, int family)
    {
        await using var lab = await QueryLab.StartAsync();
        var samples = new Dictionary<int, List<Sample>>
        {
            [4] = lab.AddHour("icmp-router"),
            [6] = lab.AddHour("icmp-router", family: 6),
        };

        var answer = await lab.WindowsAsync(
            $"/api/v1/targets/icmp-router/windows?from={QueryLab.At(3_333)}&quantiles=0,0.5,0.99,1{how}");
        var expected = PlainWindows.Of(samples[family], QueryOf(answer));
        var series = answer.Series.Single(one => one.Family == family);

        Assert.Equal([4, 6], answer.Series.Select(one => one.Family));
        Assert.Equal(("icmp-router", "local", "ms", false), (series.Id, series.VantagePoint, series.Unit, series.IsCoarse));
        Assert.Contains(expected, window => window is null);
        Assert.Equal(expected.Select(window => window?.Sent), series.Sent);
        Assert.Equal(expected.Select(window => window?.Lost), series.Lost);
        Assert.Equal(expected.Select(window => window?.Suspect), series.Suspect);
        Assert.Equal(expected.Select(window => window?.Duplicates), series.Duplicates);
        Assert.Equal(expected.Select(window => Ms(window?.MinimumMicroseconds)), series.MinMs);
        Assert.Equal(expected.Select(window => Ms(window?.MeanMicroseconds)), series.MeanMs);
        Assert.Equal(expected.Select(window => Ms(window?.MaximumMicroseconds)), series.MaxMs);
        Assert.Equal(expected.Select(window => Ms(window?.MeanDeviationMicroseconds)), series.MdevMs);
        Assert.Equal(expected.Select(window => Ms(window?.JitterMicroseconds)), series.JitterMs);
        Assert.Equal(["0", "0.5", "0.99", "1"], series.QuantilesMs!.Keys);
        Assert.Equal(expected.Select(window => Ms(window?.QuantileMicroseconds(0.99))), series.QuantilesMs["0.99"]);
    }

    [Fact]
    public async Task A_window_without_samples_is_null_and_one_without_answers_has_counts()
    {
        await using var lab = await QueryLab.StartAsync();
        var check = lab.Site.Configuration.Checks[0];
        var at = QueryLab.Now.ToUnixTimeMilliseconds();
        lab.Site.Measure(check, at - 2_500, 12_345);
        lab.Site.Measure(check, at - 500, null);

        var (_, body) = await lab.AskAsync($"/api/v1/targets/icmp-router/windows?from={QueryLab.At(3)}&quantiles=0.5");
        var series = body.GetProperty("series")[0];

        Assert.Equal("[1,null,1]", series.GetProperty("sent").GetRawText());
        Assert.Equal("[0,null,1]", series.GetProperty("lost").GetRawText());
        Assert.Equal("[12.345,null,null]", series.GetProperty("minMs").GetRawText());
        Assert.Equal("[0,null,null]", series.GetProperty("mdevMs").GetRawText());
        Assert.Equal("[null,null,null]", series.GetProperty("jitterMs").GetRawText());
        Assert.Equal("""{"0.5":[12.345,null,null]}""", series.GetProperty("quantilesMs").GetRawText());
    }

    [Fact]
    public async Task The_default_is_the_last_hour_in_round_steps_and_a_time_without_offset_is_utc()
    {
        await using var lab = await QueryLab.StartAsync();

        var hour = await lab.WindowsAsync("/api/v1/targets/icmp-router/windows");
        var days = await lab.WindowsAsync(
            "/api/v1/targets/icmp-router/windows?from=2026-01-01T05:00:00&to=2026-01-11T02:00:00%2B02:00&points=10");

        Assert.Equal((QueryLab.Now.AddHours(-1), QueryLab.Now, 10.0, 360, false),
            (hour.From, hour.To, hour.StepSeconds, hour.Count, hour.IsWidened));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), days.From);
        Assert.Equal((new DateTimeOffset(2026, 1, 11, 0, 0, 0, TimeSpan.Zero), 86_400.0, 10),
            (days.To, days.StepSeconds, days.Count));
        Assert.Empty(hour.Series);
    }

    [Fact]
    public async Task Only_the_columns_that_were_asked_for_are_there()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");

        var (_, body) = await lab.AskAsync("/api/v1/targets/icmp-router/windows?figures=max,lost&quantiles=");

        Assert.Equal(["id", "vantagePoint", "family", "unit", "isCoarse", "lost", "maxMs"],
            body.GetProperty("series")[0].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task What_is_no_duration_has_its_own_unit_and_a_phase_is_in_milliseconds()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");
        lab.AddHour("icmp-router", quantity: new Quantity("certificate", "s"));
        lab.AddHour("icmp-router", quantity: new Quantity("tls", "us"));

        var (_, certificate) = await lab.AskAsync(
            "/api/v1/targets/icmp-router/windows?quantity=certificate&figures=sent,min,mean&quantiles=0.5");
        var (_, tls) = await lab.AskAsync("/api/v1/targets/icmp-router/windows?quantity=tls&figures=min&quantiles=");
        var expected = lab.Site.Store.Samples
            .Where(sample => lab.Site.Catalog.KeyOf(sample.Series).Quantity.Name == "certificate" && !sample.IsLost)
            .Min(sample => sample.Value);

        var series = certificate.GetProperty("series")[0];
        Assert.Equal(["id", "vantagePoint", "family", "unit", "isCoarse", "sent", "min", "mean", "quantiles"],
            series.EnumerateObject().Select(property => property.Name));
        Assert.Equal("s", series.GetProperty("unit").GetString());
        Assert.Equal(expected, series.GetProperty("min").EnumerateArray()
            .Where(min => min.ValueKind == JsonValueKind.Number).Min(min => min.GetInt64()));
        Assert.Equal("ms", tls.GetProperty("series")[0].GetProperty("unit").GetString());
        Assert.True(tls.GetProperty("series")[0].TryGetProperty("minMs", out _));
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-01-16T00:00:00Z", "from")]
    [InlineData("from=1969-12-31T00:00:00Z", "from")]
    [InlineData("to=3001-01-01T00:00:00Z", "to")]
    [InlineData("points=1", "points")]
    [InlineData("points=5001", "points")]
    [InlineData("points=many", "points")]
    [InlineData("step=0s", "step")]
    [InlineData("step=0.5s", "step")]
    [InlineData("step=1.0001s", "step")]
    [InlineData("step=4000d", "step")]
    [InlineData("step=1 fortnight", "step")]
    [InlineData("step=1m&points=10", "step")]
    [InlineData("quantity=beauty", "quantity")]
    [InlineData("quantiles=0.5,1.5", "quantiles")]
    [InlineData("quantiles=half", "quantiles")]
    [InlineData("quantiles=0,.1,.2,.3,.4,.5,.6,.7,.8,.9,1", "quantiles")]
    [InlineData("figures=sent,happiness", "figures")]
    public async Task A_bad_parameter_is_answered_with_400_and_its_name(string query, string parameter)
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");

        var (status, body) = await lab.AskAsync($"/api/v1/targets/icmp-router/windows?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([parameter], body.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task All_bad_parameters_are_named_at_once()
    {
        await using var lab = await QueryLab.StartAsync();

        var (_, body) = await lab.AskAsync("/api/v1/windows?points=0&quantiles=2&figures=x&targets=A!");

        Assert.Equal(["figures", "points", "quantiles", "targets"],
            body.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task Too_many_windows_become_fewer_and_wider_and_the_answer_says_so()
    {
        await using var lab = await QueryLab.StartAsync();

        var year = await lab.WindowsAsync(
            "/api/v1/targets/icmp-router/windows?from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&step=1s");

        Assert.Equal((true, 1.0, 7_200.0, 4_380),
            (year.IsWidened, year.AskedStepSeconds, year.StepSeconds, year.Count));
    }

    [Fact]
    public async Task Many_series_share_the_windows_that_an_answer_has_room_for()
    {
        var checks = Enumerable.Range(0, 300).Select(number => Checks.Icmp($"n{number}")).ToArray();
        await using var lab = await QueryLab.StartAsync(checks);
        foreach (var check in checks)
        {
            lab.Site.Measure(check, QueryLab.Now.ToUnixTimeMilliseconds() - 1_000, 1_000);
        }

        var answer = await lab.WindowsAsync(
            "/api/v1/windows?targets=all&from=2026-01-15T09:30:00Z&points=3600&figures=sent&quantiles=");

        Assert.Equal((true, 1.0, 5.0, 720, 300),
            (answer.IsWidened, answer.AskedStepSeconds, answer.StepSeconds, answer.Count, answer.Series.Count));
        Assert.Equal(300, answer.Series.Sum(series => series.Sent!.Sum()));
    }

    [Fact]
    public async Task Targets_are_chosen_by_ids_or_by_filters_in_their_order()
    {
        await using var lab = await QueryLab.StartAsync(
            Checks.Icmp("a", "Office", "Bern", "x"), Checks.Icmp("b", "Office", "Rome"), Checks.Icmp("c", "Home", "Rome", "x"));
        foreach (var id in (string[])["icmp-a", "icmp-b", "icmp-c", "icmp-gone"])
        {
            lab.AddHour(id);
        }

        Assert.Equal(["icmp-a", "icmp-b", "icmp-c"], await IdsAsync("targets=all"));
        Assert.Equal(["icmp-c", "icmp-gone", "icmp-a"], await IdsAsync("targets=icmp-c,icmp-none,icmp-gone,icmp-a,icmp-c"));
        Assert.Equal(["icmp-a", "icmp-b"], await IdsAsync("group=Office"));
        Assert.Equal(["icmp-b"], await IdsAsync("group=Office&region=Rome&kind=icmp"));
        Assert.Equal(["icmp-c"], await IdsAsync("targets=icmp-b,icmp-c&tag=x"));
        Assert.Equal([], await IdsAsync("kind=tcp"));

        async Task<IEnumerable<string>> IdsAsync(string query) =>
            (await lab.WindowsAsync($"/api/v1/windows?{query}&points=2&figures=sent&quantiles=")).Series.Select(one => one.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("targets=")]
    [InlineData("targets=A!")]
    public async Task Without_targets_it_is_asked_which(string query)
    {
        await using var lab = await QueryLab.StartAsync();

        var (status, body) = await lab.AskAsync($"/api/v1/windows?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(["targets"], body.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_target_that_left_the_configuration_answers_and_an_unknown_one_is_not_found()
    {
        await using var lab = await QueryLab.StartAsync();
        var samples = lab.AddHour("icmp-gone");

        var gone = await lab.WindowsAsync("/api/v1/targets/icmp-gone/windows?figures=sent");
        var (none, problem) = await lab.AskAsync("/api/v1/targets/icmp-none/windows");
        var (bad, _) = await lab.AskAsync("/api/v1/targets/NONE!/windows");

        Assert.Equal(samples.Count, Assert.Single(gone.Series).Sent!.Sum());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (none, bad));
        Assert.Contains("icmp-none", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_a_window_is_coarse_is_passed_on()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.AddHour("icmp-router");
        lab.Site.Store.IsCoarse = true;

        var answer = await lab.WindowsAsync("/api/v1/targets/icmp-router/windows");

        Assert.True(Assert.Single(answer.Series).IsCoarse);
    }

    private static WindowQuery QueryOf(WindowsOfSeries answer) => new()
    {
        Series = [],
        FromMilliseconds = answer.From.ToUnixTimeMilliseconds(),
        StepMilliseconds = (long)Math.Round(answer.StepSeconds * 1_000),
        Count = answer.Count,
    };

    private static double? Ms(double? microseconds) => microseconds is { } value ? Math.Round(value) / 1_000 : null;
}
