using System.Net;
using Sonde.Charts.Queries;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

public sealed class HistogramEndpointTests
{
    [Theory]
    [InlineData("", 40)]
    [InlineData("&buckets=2&points=4", 2)]
    [InlineData("&buckets=200&step=1h", 200)]
    public async Task Counts_are_those_of_the_samples_between_the_edges(string how, int mostBuckets)
    {
        await using var lab = await QueryLab.StartAsync();
        var samples = lab.AddHour("icmp-router").Concat(lab.AddHour("icmp-router", family: 6)).ToList();

        var answer = await lab.GetAsync<HistogramOfSeries>($"/api/v1/targets/icmp-router/histogram?from={QueryLab.At(3_600)}{how}");

        Assert.Equal([4, 6], answer.Series.Select(series => series.Family));
        Assert.Equal(answer.Series[0].EdgesMs, answer.Series[1].EdgesMs);
        foreach (var series in answer.Series)
        {
            var edges = series.EdgesMs!.Select(edge => (long)Math.Round(edge * 1_000)).ToList();
            Assert.InRange(edges.Count, 3, mostBuckets + 1);
            Assert.Equal(edges.Distinct().Order(), edges);
            for (var window = 0; window < answer.Count; window++)
            {
                var from = answer.From.ToUnixTimeMilliseconds() + (long)(window * answer.StepSeconds * 1_000);
                var inside = samples.Where(sample => lab.Site.Catalog.KeyOf(sample.Series).Family == series.Family
                    && sample.SentAtMilliseconds >= from
                    && sample.SentAtMilliseconds < from + (answer.StepSeconds * 1_000)).ToList();
                Assert.Equal(inside.Count, series.Sent[window] ?? 0);
                Assert.Equal(inside.Count(sample => sample.IsLost), series.Lost[window] ?? 0);
                Assert.Equal(CountsOf(inside, edges), Unfold(series, window, edges.Count - 1));
            }
        }
    }

    [Fact]
    public async Task A_row_leaves_out_what_is_empty_at_both_ends()
    {
        await using var lab = await QueryLab.StartAsync();
        var check = lab.Site.Configuration.Checks[0];
        var at = QueryLab.Now.ToUnixTimeMilliseconds();
        lab.Site.Measure(check, at - 3_500, 100);
        lab.Site.Measure(check, at - 2_500, 1_000);
        lab.Site.Measure(check, at - 2_400, 10_000);
        lab.Site.Measure(check, at - 1_500, null);

        var (_, body) = await lab.AskAsync($"/api/v1/targets/icmp-router/histogram?from={QueryLab.At(4)}&buckets=4");
        var series = body.GetProperty("series")[0];

        Assert.Equal("[0.1,0.316,1,3.168,10.112]", series.GetProperty("edgesMs").GetRawText());
        Assert.Equal("[0,2,null,null]", series.GetProperty("first").GetRawText());
        Assert.Equal("[[1],[1,1],null,null]", series.GetProperty("counts").GetRawText());
        Assert.Equal("[1,2,1,null]", series.GetProperty("sent").GetRawText());
        Assert.Equal("[0,0,1,null]", series.GetProperty("lost").GetRawText());
    }

    [Fact]
    public async Task Where_nothing_was_answered_there_is_no_axis()
    {
        await using var lab = await QueryLab.StartAsync();
        lab.Site.Measure(lab.Site.Configuration.Checks[0], QueryLab.Now.ToUnixTimeMilliseconds() - 500, null);

        var (_, body) = await lab.AskAsync($"/api/v1/targets/icmp-router/histogram?from={QueryLab.At(2)}");
        var series = body.GetProperty("series")[0];

        Assert.Equal("[]", series.GetProperty("edgesMs").GetRawText());
        Assert.Equal("[null,null]", series.GetProperty("first").GetRawText());
        Assert.Equal("[null,null]", series.GetProperty("counts").GetRawText());
        Assert.Equal("[null,1]", series.GetProperty("lost").GetRawText());
    }

    [Fact]
    public async Task Zero_and_the_longest_value_are_on_the_axis()
    {
        await using var lab = await QueryLab.StartAsync();
        var check = lab.Site.Configuration.Checks[0];
        lab.Site.Measure(check, QueryLab.Now.ToUnixTimeMilliseconds() - 600, 0);
        lab.Site.Measure(check, QueryLab.Now.ToUnixTimeMilliseconds() - 500, (1L << 48) - 1);

        var answer = await lab.GetAsync<HistogramOfSeries>(
            $"/api/v1/targets/icmp-router/histogram?from={QueryLab.At(1)}&step=1s&buckets=10");
        var series = Assert.Single(answer.Series);

        Assert.Equal((0.0, 281_474_976_710.656), (series.EdgesMs![0], series.EdgesMs[^1]));
        Assert.Equal(2, series.Counts[0]!.Sum());
    }

    [Fact]
    public async Task Negative_values_stand_on_a_linear_axis()
    {
        await using var lab = await QueryLab.StartAsync();
        var check = lab.Site.Configuration.Checks[0];
        foreach (var value in (long[])[-100, -1, 0, 50, 99])
        {
            lab.Site.Measure(check, QueryLab.Now.ToUnixTimeMilliseconds() - 500, 1_000);
            lab.Site.Find(check, QueryLab.Now.ToUnixTimeMilliseconds() - 500, new Quantity("certificate", "s"), value);
        }

        var (_, body) = await lab.AskAsync(
            $"/api/v1/targets/icmp-router/histogram?quantity=certificate&from={QueryLab.At(1)}&step=1s&buckets=4");
        var series = body.GetProperty("series")[0];

        Assert.Equal("[-100,-50,0,50,100]", series.GetProperty("edges").GetRawText());
        Assert.Equal("[[1,1,1,2]]", series.GetProperty("counts").GetRawText());
    }

    [Theory]
    [InlineData("buckets=1", "buckets")]
    [InlineData("buckets=201", "buckets")]
    [InlineData("points=2001", "points")]
    [InlineData("quantity=tls", "quantity")]
    public async Task A_bad_parameter_is_answered_with_400_and_its_name(string query, string parameter)
    {
        await using var lab = await QueryLab.StartAsync();

        var (status, body) = await lab.AskAsync($"/api/v1/targets/icmp-router/histogram?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([parameter], body.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    private static IEnumerable<long> CountsOf(List<Sample> samples, List<long> edges) => edges.Zip(edges.Skip(1)).Select(
        bucket => samples.LongCount(sample =>
            !sample.IsLost && sample.Value >= bucket.First && sample.Value < bucket.Second));

    private static long[] Unfold(HistogramColumns series, int window, int buckets)
    {
        var counts = new long[buckets];
        if (series.First[window] is { } first)
        {
            series.Counts[window]!.ToArray().CopyTo(counts, first);
        }
        return counts;
    }
}
