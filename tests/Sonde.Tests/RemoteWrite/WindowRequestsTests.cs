using Sonde.RemoteWrite;
using Sonde.Samples;
using Sonde.Targets;
using Sonde.Tests.Samples;
using Xunit;

namespace Sonde.Tests.RemoteWrite;

public sealed class WindowRequestsTests
{
    private readonly Check _check = LiveLab.CheckOf("icmp-a") with { Name = "Router", Region = "Seoul" };
    private readonly SeriesTotals _totals = new();
    private readonly LiveLab _lab;
    private readonly WindowRequests _requests;

    public WindowRequestsTests()
    {
        _lab = new LiveLab(_check);
        _requests = new WindowRequests(_lab.Live, _lab.Catalog, _totals);
    }

    [Fact]
    public void Every_figure_of_a_series_is_told_in_base_units_with_sorted_labels()
    {
        foreach (var (round, rtt) in new (int, long?)[] { (0, 1_000), (1, 3_000), (2, null), (3, 2_000) })
        {
            Measure(round, rtt, duplicates: (ushort)(round == 1 ? 2 : 0));
        }

        var samples = Make();

        Assert.Equal(
            new Dictionary<string, double>
            {
                ["sonde_probes_sent_total"] = 4,
                ["sonde_probes_received_total"] = 3,
                ["sonde_probes_lost_total"] = 1,
                ["sonde_probe_duplicates_total"] = 2,
                ["sonde_loss_ratio"] = 0.25,
                ["sonde_probe_rtt_min_seconds"] = 0.001,
                ["sonde_probe_rtt_mean_seconds"] = 0.002,
                ["sonde_probe_rtt_max_seconds"] = 0.003,
                ["sonde_probe_rtt_jitter_seconds"] = 0.002,
            },
            samples.Where(s => s["quantile"] is null && s.Name != "sonde_probe_rtt_stddev_seconds").ToDictionary(s => s.Name, s => s.Value));
        Assert.Equal(0.000816, samples.Single(s => s.Name == "sonde_probe_rtt_stddev_seconds").Value, 6);
        Assert.Equal(["0.5", "0.95", "0.99"], samples.Where(s => s.Name == "sonde_probe_rtt_seconds").Select(s => s["quantile"]));
        Assert.Equal(0.002, samples.Single(s => s["quantile"] == "0.5").Value, 4);
        Assert.All(samples, s =>
        {
            Assert.Equal(s.Labels.Select(label => label.Name).Order(StringComparer.Ordinal), s.Labels.Select(label => label.Name));
            Assert.Equal(
                ("icmp-a", "4", "icmp", "Seoul", "Router", "local"),
                (s["check"], s["family"], s["kind"], s["region"], s["target"], s["vantage_point"]));
            Assert.Equal(_lab.Now, s.Milliseconds);
        });
    }

    [Fact]
    public void Counters_go_on_when_the_window_has_forgotten()
    {
        Measure(0, 1_000);
        Make();
        _lab.Pass(7_200);
        Measure(1, null);

        var samples = Make();

        Assert.Equal(2, Find(samples, "sonde_probes_sent_total").Value);
        Assert.Equal(1, Find(samples, "sonde_probes_lost_total").Value);
        Assert.Equal(1, Find(samples, "sonde_loss_ratio").Value);
    }

    [Fact]
    public void A_figure_that_is_no_more_ends_with_one_stale_marker()
    {
        Measure(0, 1_000);
        Make();
        _lab.Pass(120);
        Measure(1, null);

        var first = Make();
        _lab.Pass(1);
        var second = Make();

        Assert.True(Find(first, "sonde_probe_rtt_mean_seconds").IsStale);
        Assert.Equal(3, first.Count(s => s.Name == "sonde_probe_rtt_seconds" && s.IsStale));
        Assert.DoesNotContain(second, s => s.Name.StartsWith("sonde_probe_rtt", StringComparison.Ordinal));
        Assert.False(Find(second, "sonde_loss_ratio").IsStale);
    }

    [Fact]
    public void A_check_that_goes_ends_with_stale_markers_and_begins_again_when_it_comes_back()
    {
        Measure(0, 1_000);
        var before = Make();
        _lab.Live.SetChecks([]);
        _lab.Pass(1);
        var gone = Make();
        _lab.Pass(1);
        var later = Make();
        _lab.Live.SetChecks([_check]);
        Measure(1, 1_000);
        var again = Make();

        Assert.Equal(before.Count(s => !s.IsStale), gone.Count);
        Assert.All(gone, s => Assert.True(s.IsStale));
        Assert.Empty(later);
        Assert.Equal(2, Find(again, "sonde_probes_sent_total").Value);
    }

    [Fact]
    public void Another_region_is_another_series()
    {
        Measure(0, 1_000);
        Make();
        _lab.Live.SetChecks([_check with { Region = "Tokyo" }]);
        _lab.Pass(1);

        var samples = Make();

        Assert.All(samples.Where(s => s["region"] == "Seoul"), s => Assert.True(s.IsStale));
        Assert.All(samples.Where(s => s["region"] == "Tokyo"), s => Assert.False(s.IsStale));
        Assert.Equal(samples.Count(s => s["region"] == "Seoul"), samples.Count(s => s["region"] == "Tokyo"));
    }

    [Fact]
    public void A_reload_that_leaves_the_labels_alone_ends_nothing()
    {
        Measure(0, 1_000);
        Make();
        _lab.Live.SetChecks([_check with { Tags = ["new"] }]);
        _lab.Pass(1);

        Assert.DoesNotContain(Make(), s => s.IsStale);
    }

    [Fact]
    public void Without_a_region_there_is_no_label_of_it()
    {
        _lab.Live.SetChecks([_check with { Region = null }]);
        Measure(0, 1_000);

        Assert.All(Make(), s => Assert.DoesNotContain(s.Labels, label => label.Name == "region"));
    }

    [Fact]
    public void What_was_never_measured_is_not_told() => Assert.Empty(Make());

    [Fact]
    public void A_rare_check_is_told_by_the_window_that_holds_some_rounds()
    {
        var rare = _check with { Interval = TimeSpan.FromMinutes(4) };
        _lab.Live.SetChecks([rare]);
        Measure(0, 1_000);
        _lab.Pass(240);

        Assert.Equal(0.001, Find(Make(), "sonde_probe_rtt_mean_seconds").Value);
    }

    [Fact]
    public void Phases_and_certificates_are_told_as_they_come()
    {
        var phase = _lab.Catalog.GetOrAdd(new(_check.Id, "local", 4, new Quantity("connect", "us")));
        var certificate = _lab.Catalog.GetOrAdd(new(_check.Id, "local", 4, new Quantity("certificate", "s")));
        var strange = _lab.Catalog.GetOrAdd(new(_check.Id, "local", 4, new Quantity("colour", "nm")));
        _totals.Take([Given.Sample(phase, 0, value: 2_500), Given.Sample(certificate, 0, value: -3_600), Given.Sample(strange, 0)], []);

        var samples = Make();

        Assert.Equal(2, samples.Count);
        Assert.Equal(("connect", 0.0025), (Find(samples, "sonde_phase_last_seconds")["phase"], Find(samples, "sonde_phase_last_seconds").Value));
        Assert.Equal(
            (Given.Sample(certificate, 0).SentAtMilliseconds / 1e3) - 3_600,
            Find(samples, "sonde_certificate_expiry_timestamp_seconds").Value);
    }

    [Fact]
    public void Many_series_are_spread_over_requests_of_a_bounded_size()
    {
        var checks = Enumerable.Range(0, 1_000).Select(n => LiveLab.CheckOf($"icmp-{n}")).ToArray();
        _lab.Live.SetChecks(checks);
        foreach (var check in checks)
        {
            Measure(0, 1_000, check: check);
        }

        var requests = _requests.Make(_lab.Now);

        Assert.Equal([2_000, 2_000, 2_000, 2_000, 2_000, 2_000], requests.Select(request => request.Samples));
        Assert.All(requests, request => Assert.Equal(request.Samples, WrittenSample.Read(request.Body).Count));
        Assert.All(requests, request => Assert.InRange(request.Body.Length, 1, 200_000));
    }

    private void Measure(long round, long? microseconds, ushort duplicates = 0, Check? check = null)
    {
        var series = _lab.SeriesOf(check ?? _check);
        var sample = LiveLab.SampleOf(series, round, _lab.Now, microseconds) with { Duplicates = duplicates };
        _lab.Give(sample);
        _totals.Take([sample], []);
    }

    private List<WrittenSample> Make() => [.. _requests.Make(_lab.Now).SelectMany(request => WrittenSample.Read(request.Body))];

    private static WrittenSample Find(List<WrittenSample> samples, string name) => samples.Single(s => s.Name == name);
}
