using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Sonde.Cli;
using Sonde.Configuration;
using Sonde.Measurement;
using Sonde.Metrics;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Metrics;

public sealed partial class MetricsEndpointTests
{
    private const string Secret = "a-token-of-24-characters";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 30, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/plain", false)]
    [InlineData("application/openmetrics-text;version=1.0.0", true)]
    public async Task What_was_measured_is_told(string accept, bool isOpenMetrics)
    {
        await using var site = await MeasuredAsync();

        var read = Exposition.Read(await GetAsync(site, accept), isOpenMetrics);

        (string, string)[] router =
        [
            ("check", "icmp-router"), ("target", "Router"), ("kind", "icmp"), ("region", "Seoul"), ("vantage_point", "local"), ("family", "4"),
        ];
        Assert.Equal(3, read.Value("sonde_probes_sent_total", router));
        Assert.Equal(2, read.Value("sonde_probes_received_total", router));
        Assert.Equal(1, read.Value("sonde_probes_lost_total", [.. router, ("reason", "hostUnreachable")]));
        Assert.Equal(0, read.Value("sonde_probes_lost_total", [.. router, ("reason", "timeout")]));
        Assert.Equal(1, read.Value("sonde_probes_suspect_total", router));
        Assert.Equal(0, read.Value("sonde_probes_not_sent_total", router));
        Assert.Equal(0, read.Value("sonde_probe_duplicates_total", router));
        Assert.Equal(0.03, read.Value("sonde_probe_rtt_last_seconds", router));
        Assert.Equal(0.02, read.Value("sonde_probe_rtt_min_seconds", router));
        Assert.Equal(0.03, read.Value("sonde_probe_rtt_max_seconds", router));
        Assert.Equal(0.025, read.Value("sonde_probe_rtt_mean_seconds", router));
        Assert.Equal(0.005, read.Value("sonde_probe_rtt_stddev_seconds", router), 1e-12);
        Assert.Equal(1 / 3.0, read.Value("sonde_loss_ratio", router), 1e-12);
        Assert.Equal(0, read.Value("sonde_duplicate_ratio", router));
        Assert.Equal(0.05, read.Value("sonde_probe_rtt_seconds_sum", router), 1e-12);
        Assert.Equal(1, read.Value("sonde_probe_rtt_seconds_bucket", [.. router, ("le", "0.0256")]));
        Assert.Equal(2, read.Value("sonde_probe_rtt_seconds_bucket", [.. router, ("le", "0.0512")]));
        Assert.DoesNotContain(read.Samples, sample => sample.Name == "sonde_probe_rtt_jitter_seconds" && sample.Labels["check"] == "icmp-router");
        Assert.Equal(1, read.Value("sonde_check_up", ("check", "icmp-router")));
        Assert.Equal(1, read.Value("sonde_check_state", ("check", "icmp-router"), ("state", "degraded")));
        Assert.Equal(0, read.Value("sonde_check_state", ("check", "icmp-router"), ("state", "up")));
        Assert.Equal(1, read.Value("sonde_check_state", ("check", "icmp-silent"), ("state", "unknown")));
        Assert.DoesNotContain(read.Samples, sample => sample.Name == "sonde_check_up" && sample.Labels["check"] == "icmp-silent");
    }

    [Fact]
    public async Task Phases_and_certificates_are_told_as_further_series()
    {
        await using var site = await MeasuredAsync();

        var read = Exposition.Read(await GetAsync(site), false);

        Assert.Equal(0.004, read.Value("sonde_phase_duration_seconds_sum", ("phase", "tls"), ("check", "icmp-router")));
        Assert.Equal(0.004, read.Value("sonde_phase_last_seconds", ("phase", "tls")));
        Assert.Equal(1, read.Value("sonde_phase_lost_total", ("phase", "connect"), ("reason", "refused")));
        Assert.Equal(0, read.Value("sonde_phase_duration_seconds_count", ("phase", "connect")));
        Assert.Equal((Given.Start / 1000) - 60, read.Value("sonde_certificate_expiry_timestamp_seconds", ("check", "icmp-router")));
        Assert.DoesNotContain(read.Samples, sample => sample.Name == "sonde_probes_sent_total" && sample.Value == 1);
    }

    [Fact]
    public async Task The_names_of_smokeping_prober_are_there_for_icmp_until_they_are_turned_off()
    {
        await using var site = await MeasuredAsync();

        var read = Exposition.Read(await GetAsync(site), false);
        (string, string)[] labels = [("ip", "192.0.2.1"), ("host", "192.0.2.1"), ("source", ""), ("tos", "0")];
        Assert.Equal(3, read.Value("smokeping_requests_total", labels));
        Assert.Equal(2, read.Value("smokeping_response_duration_seconds_count", labels));
        Assert.Equal(57, read.Value("smokeping_response_ttl", labels));

        site.Configuration = site.Configuration with { Metrics = new() { Smokeping = false, Histograms = false } };
        read = Exposition.Read(await GetAsync(site), false);
        Assert.DoesNotContain(read.Samples, sample => sample.Name.StartsWith("smokeping", StringComparison.Ordinal));
        Assert.All(read.Samples.Where(sample => sample.Labels.ContainsKey("le")), bucket => Assert.Equal("+Inf", bucket.Labels["le"]));
    }

    [Fact]
    public async Task Two_checks_that_smokeping_could_not_tell_apart_are_told_once()
    {
        var (one, other) = (Checks.Icmp("one"), Checks.Icmp("other"));
        await using var site = await RunningSite.StartAsync(Checks.Configuration(one, other), new FixedTimeProvider(Now));
        site.Measure(one, Given.Start, 1_000);
        site.Measure(other, Given.Start, 1_000);
        site.Totals.SetAddress(new SeriesHandle(0), IPAddress.Parse(one.Host));
        site.Totals.SetAddress(new SeriesHandle(1), IPAddress.Parse(other.Host));

        var read = Exposition.Read(await GetAsync(site), false);

        Assert.Single(read.Samples, sample => sample.Name == "smokeping_requests_total");
        Assert.Equal(2, read.Samples.Count(sample => sample.Name == "sonde_probes_sent_total"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text")]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")]
    public async Task It_is_compressed_when_asked(string accept)
    {
        await using var site = await MeasuredAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("Accept", accept);
        request.Headers.Add("Accept-Encoding", "gzip");

        using var answer = await site.Client.SendAsync(request, Token);

        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.StartsWith(accept.Split(';')[0], answer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        await using var plain = new GZipStream(await answer.Content.ReadAsStreamAsync(Token), CompressionMode.Decompress);
        using var text = new StreamReader(plain);
        Assert.Contains("sonde_probes_sent", await text.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer", Secret, 200)]
    [InlineData("Bearer", "wrong", 401)]
    [InlineData("Basic", "prometheus:" + Secret, 200)]
    [InlineData("Basic", ":" + Secret, 200)]
    [InlineData("Basic", "prometheus:wrong", 401)]
    [InlineData("Basic", Secret, 401)]
    [InlineData("Basic", null, 401)]
    [InlineData(null, null, 401)]
    public async Task A_token_opens_it_as_scrapers_send_it(string? scheme, string? credentials, int status)
    {
        await using var site = await RunningSite.StartAsync(new SondeConfiguration { Web = new() { Token = Secret } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = scheme is null ? null : new AuthenticationHeaderValue(
            scheme, scheme == "Basic" ? credentials is null ? "no base64!" : Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)) : credentials);

        using var answer = await site.Client.SendAsync(request, Token);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say()
    {
        Assert.SkipUnless(Find("promtool") is not null, "there is no promtool: apt-get install prometheus");
        await using var site = await MeasuredAsync();
        var text = await GetAsync(site);
        using var promtool = Process.Start(new ProcessStartInfo(Find("promtool")!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(text.AsMemory(), Token);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync(Token) + await promtool.StandardOutput.ReadToEndAsync(Token);
        await promtool.WaitForExitAsync(Token);

        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    [Fact]
    public async Task The_documentation_lists_every_metric_with_its_type_and_no_other()
    {
        await using var site = await MeasuredAsync();
        var read = Exposition.Read(await GetAsync(site), false);
        var families = AllFamilies().ToDictionary(family => family.Name, family => family.Type.ToString().ToLowerInvariant());

        Assert.Subset(families.Keys.ToHashSet(), read.Families.Keys.ToHashSet());
        var documented = MetricRow().Matches(await File.ReadAllTextAsync(Document("metrics.md"), Token))
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        Assert.Equal(families.OrderBy(one => one.Key, StringComparer.Ordinal), documented.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    /// <summary>Help is read by people and by OpenMetrics: no full stop, no name in it that does not exist.</summary>
    [Fact]
    public void Every_metric_has_help_and_no_name_is_used_twice()
    {
        var families = AllFamilies().ToList();

        Assert.Equal(families.Count, families.DistinctBy(family => family.Name).Count());
        Assert.All(families, family => Assert.False(family.Help.EndsWith('.') || family.Help.Length == 0));
        Assert.All(families, family => Assert.Equal(
            family.Type == MetricType.Counter, family.Name.EndsWith("_total", StringComparison.Ordinal)));
    }

    private static IEnumerable<MetricFamily> AllFamilies() =>
    [
        .. TargetFamilies.OfChecks.Select(one => one.Family), .. TargetFamilies.OfRoundTrips.Select(one => one.Family),
        .. TargetFamilies.OfPhases.Select(one => one.Family), .. TargetFamilies.OfCertificates.Select(one => one.Family),
        .. SmokepingFamilies.OfRoundTrips.Select(one => one.Family), .. ProcessMetrics.Families.Select(one => one.Family),
        .. RunMetrics.OfProbing.Select(one => one.Family), .. RunMetrics.OfStore.Select(one => one.Family),
        .. StoreRetention.Families.Select(one => one.Family),
        .. RunMetrics.OfRun.Select(one => one.Family), .. RunMetrics.OfSmokeping.Select(one => one.Family),
    ];

    /// <summary>A check with two answers and a loss, with phases and a certificate, and one that says nothing.</summary>
    private static async Task<RunningSite> MeasuredAsync()
    {
        var router = Checks.Icmp("Router", region: "Seoul");
        var site = await RunningSite.StartAsync(Checks.Configuration(router, Checks.Icmp("silent")), new FixedTimeProvider(Now));
        site.Measure(router, Given.Start + 27_000, 20_000);
        site.Measure(router, Given.Start + 28_000, rtt: null, LossReason.HostUnreachable);
        site.Measure(router, Given.Start + 29_000, 30_000, isSuspect: true);
        site.Totals.SetAddress(new SeriesHandle(0), IPAddress.Parse(router.Host));
        Give(site, router, new Quantity("tls", "us"), 4_000);
        Give(site, router, new Quantity("connect", "us"), 0, LossReason.Refused);
        Give(site, router, new Quantity("certificate", "s"), 86_400);
        Give(site, router, new Quantity("certificate", "s"), -60, round: 2);
        Give(site, router, new Quantity("certificate", "s"), 0, LossReason.Refused, round: 3);
        Give(site, router, new Quantity("moons", "1"), 7);
        return site;
    }

    private static void Give(
        RunningSite site, Check check, Quantity quantity, long value, LossReason loss = LossReason.None, long round = 1)
    {
        var series = site.Catalog.GetOrAdd(new SeriesKey(check.Id, "local", 4, quantity));
        site.Totals.Take([new Sample
        {
            Series = series, Round = round, Index = 0, SentAtMilliseconds = Given.Start, Value = value, Loss = loss,
        }], []);
    }

    private static async Task<string> GetAsync(RunningSite site, string accept = "text/plain")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("Accept", accept);
        using var answer = await site.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string Document(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Sonde.slnx")))
        {
            folder = folder.Parent;
        }
        return Path.Combine(folder.FullName, "docs", name);
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();
}
