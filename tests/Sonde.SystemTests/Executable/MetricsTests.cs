using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>/metrics</c> beside the tools that people use: smokeping_prober and Prometheus of Debian.</summary>
public sealed partial class MetricsTests
{
    private const string Smokeping = "prometheus-smokeping-prober";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_name_type_and_label_of_smokeping_prober_is_there()
    {
        using var folder = new WorkFolder("targets: [127.0.0.1, 127.0.0.2, localhost]\ndefaults: {family: 4}\n");
        await File.WriteAllTextAsync(
            folder["smokeping.yml"], "targets: [{hosts: [127.0.0.1, 127.0.0.2, localhost], interval: 1s, network: ip4, protocol: icmp, size: 56}]\n", Token);
        var port = Nginx.FreePort();
        await using var peer = OtherProgram.StartOrSkip(
            folder, Smokeping, $"--config.file={folder["smokeping.yml"]}", Listen("--web.listen-address=127.0.0.1:", port));
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        using var http = new HttpClient { Timeout = Eventually.Bound };
        var theirs = await Eventually.FindAsync(
            async () => await peer.TryGetAsync(http, new Uri(Listen("http://127.0.0.1:", port, "/metrics")), Token) is { } text
                && Series(text).Count(series => series.StartsWith("smokeping_response_ttl", StringComparison.Ordinal)) == 3 ? text : null,
            "smokeping_prober measures", peer.Told, Token);

        var ours = await run.Page.GetStringAsync("metrics", Token);

        var expected = Types(theirs);
        Assert.True(expected.Count >= 7, theirs);
        Assert.All(expected, type => Assert.Contains(type, Types(ours)));
        var told = Series(ours).ToList();
        Assert.All(Series(theirs).Where(series => !series.Contains("build_info", StringComparison.Ordinal)), series =>
            Assert.Contains(told, own => Matches(own, series)));
        Assert.Equal(
            LabelNames(Series(theirs).Single(series => series.Contains("build_info", StringComparison.Ordinal))),
            LabelNames(told.Single(series => series.Contains("smokeping_prober_build_info", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--enable-feature=native-histograms")]
    public async Task A_real_Prometheus_scrapes_it_and_answers_queries(string feature)
    {
        using var folder = new WorkFolder("targets: [Home: 127.0.0.1]\ndefaults: {interval: 200ms}\n");
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await File.WriteAllTextAsync(
            folder["prometheus.yml"],
            $"global: {{scrape_interval: 1s, scrape_timeout: 1s}}\nscrape_configs:\n  - {{job_name: sonde, static_configs: [{{targets: [\"{run.Address.Authority}\"]}}]}}\n",
            Token);
        var port = Nginx.FreePort();
        await using var prometheus = OtherProgram.StartOrSkip(
            folder, "prometheus", [
                $"--config.file={folder["prometheus.yml"]}", $"--storage.tsdb.path={folder["tsdb"]}",
                Listen("--web.listen-address=127.0.0.1:", port), .. feature.Length > 0 ? [feature] : Array.Empty<string>()]);
        using var http = new HttpClient { BaseAddress = new Uri(Listen("http://127.0.0.1:", port)), Timeout = Eventually.Bound };

        async Task<double> AwaitAsync(string query)
        {
            var found = await Eventually.FindAsync(
                () => QueryAsync(prometheus, http, query), query, prometheus.Told, Token);
            return double.Parse(found, CultureInfo.InvariantCulture);
        }

        Assert.Equal(1, await AwaitAsync("up == 1"));
        Assert.True(await AwaitAsync("sonde_probes_sent_total{target=\"Home\"} > 4") > 4);
        Assert.True(await AwaitAsync("rate(sonde_probes_sent_total{check=\"icmp-home\"}[10s]) > 3") < 7);
        Assert.Equal(0, await AwaitAsync("sonde_loss_ratio"));
        Assert.Equal(1, await AwaitAsync("smokeping_prober_build_info"));
        var median = feature.Length > 0
            ? "histogram_quantile(0.5, rate(sonde_probe_rtt_seconds[10s])) > 0"
            : "histogram_quantile(0.5, sum by (le) (rate(sonde_probe_rtt_seconds_bucket[10s]))) > 0";
        Assert.InRange(await AwaitAsync(median), 1e-6, 0.1);
        Assert.Equal(0, await AwaitAsync("scrape_samples_scraped - scrape_samples_post_metric_relabeling"));
    }

    private static async Task<string?> QueryAsync(OtherProgram prometheus, HttpClient http, string query)
    {
        if (await prometheus.TryGetAsync(http, new Uri($"api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), Token) is not { } answer)
        {
            return null;
        }
        using var json = JsonDocument.Parse(answer);
        var results = json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToList();
        return results.Count == 1 ? results[0].GetProperty("value")[1].GetString() : null;
    }

    private static string Listen(string before, int port, string after = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{before}{port}{after}");

    private static HashSet<string> Types(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("# TYPE smokeping_", StringComparison.Ordinal))];

    /// <summary>What stands before the values of smokeping's metrics.</summary>
    private static IEnumerable<string> Series(string text) => text.Split('\n')
        .Where(line => line.StartsWith("smokeping_", StringComparison.Ordinal)).Select(line => line[..line.LastIndexOf(' ')]);

    /// <summary>True when it has the same name and all labels of the other, and perhaps more.</summary>
    private static bool Matches(string own, string other) =>
        own.Split('{')[0] == other.Split('{')[0] && Labels(other).All(label => Labels(own).Contains(label));

    private static List<string> Labels(string series) => [.. Label().Matches(series).Select(label => label.Value)];

    private static List<string> LabelNames(string series) =>
        [.. Label().Matches(series).Select(label => label.Groups[1].Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex("""(\w+)="[^"]*"(?=[,}])""")]
    private static partial Regex Label();
}
