using System.Diagnostics;
using Sonde.Measurement;
using Sonde.Observability;
using Sonde.Samples;
using Sonde.Targets;
using Sonde.Tests.Samples;
using Xunit;

namespace Sonde.Tests.Observability;

public sealed class RoundTracesTests : IDisposable
{
    private readonly ActivitySource _source = new($"test-{Guid.NewGuid()}");
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly SeriesCatalog _catalog = new();
    private readonly Check _check = LiveLab.CheckOf("icmp-a") with { Name = "Router" };
    private readonly SeriesHandle _series;

    public RoundTracesTests()
    {
        _series = _catalog.GetOrAdd(Given.Series("icmp-a"));
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == _source.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void A_round_is_a_trace_and_each_probe_a_span_in_it()
    {
        var traces = Traces(ratio: 1);
        traces.Take([Given.Sample(_series, 7, 0, value: 12_345)], []);
        traces.Take(
            [Given.Sample(_series, 7, 1) with { Loss = LossReason.Timeout, Value = 0 }],
            [new Round(_series, 7, Given.Start + 7_000, Sent: 2, Lost: 1, NotSent: 0)]);

        Assert.Equal(["probe icmp", "probe icmp", "round icmp"], _ended.Select(span => span.DisplayName));
        var round = _ended[2];
        Assert.Null(round.Parent);
        Assert.Equal(default, round.ParentSpanId);
        Assert.All(_ended[..2], probe => Assert.Equal((round.TraceId, round.SpanId), (probe.TraceId, probe.ParentSpanId)));
        Assert.Equal(
            ("icmp-a", "icmp", "Router", "192.0.2.1", "ipv4", "local", 2, 1),
            (round.GetTagItem("sonde.check.id"), round.GetTagItem("sonde.check.kind"), round.GetTagItem("sonde.target.name"),
                round.GetTagItem("server.address"), round.GetTagItem("network.type"), round.GetTagItem("sonde.vantage_point"),
                round.GetTagItem("sonde.round.sent"), round.GetTagItem("sonde.round.lost")));
        Assert.Equal(ActivityStatusCode.Unset, round.Status);
        Assert.Equal(TimeSpan.FromMicroseconds(12_345), _ended[0].Duration);
        Assert.Equal((ActivityStatusCode.Error, "timeout"), (_ended[1].Status, _ended[1].StatusDescription));
        Assert.Equal(_check.Timeout, _ended[1].Duration);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(Given.Start + 7_000).UtcDateTime, round.StartTimeUtc);
        Assert.Equal(_check.Timeout + TimeSpan.FromMilliseconds(100), round.Duration);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void A_round_lost_whole_is_an_error()
    {
        Traces(ratio: 1).Take([], [new Round(_series, 7, Given.Start, Sent: 1, Lost: 1, NotSent: 0)]);

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_ended).Status);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.01, 60, 140)]
    [InlineData(0.5, 4_800, 5_200)]
    [InlineData(1, 10_000, 10_000)]
    public void The_wanted_share_of_rounds_is_traced(double ratio, int least, int most)
    {
        var traces = Traces(ratio);
        for (var round = 0L; round < 10_000; round++)
        {
            traces.Take([], [new Round(_series, round, Given.Start, Sent: 1, Lost: 0, NotSent: 0)]);
        }

        Assert.InRange(_ended.Count, least, most);
    }

    [Fact]
    public void Rounds_whose_end_never_comes_are_not_kept_for_ever()
    {
        var traces = Traces(ratio: 1);
        for (var round = 0L; round < 10_000; round++)
        {
            traces.Take([Given.Sample(_series, round)], []);
        }
        traces.Take([], [new Round(_series, 0, Given.Start, 1, 0, 0), new Round(_series, 9_999, Given.Start, 1, 0, 0)]);

        Assert.Equal(3, _ended.Count); // the old one without its probe
    }

    [Fact]
    public void A_check_that_is_gone_leaves_no_trace()
    {
        new RoundTraces(_catalog, _ => null, 1, _source).Take([], [new Round(_series, 7, Given.Start, 1, 0, 0)]);

        Assert.Empty(_ended);
    }

    private RoundTraces Traces(double ratio) => new(_catalog, _ => _check, ratio, _source);
}
