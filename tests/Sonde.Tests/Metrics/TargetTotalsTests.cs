using System.Net;
using Sonde.Measurement;
using Sonde.Metrics;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Metrics;

public sealed class TargetTotalsTests
{
    private readonly SeriesCatalog _catalog = new();
    private readonly TargetTotals _totals;

    public TargetTotalsTests() => _totals = new TargetTotals(_catalog);

    [Fact]
    public void Samples_and_rounds_are_counted_by_series()
    {
        var check = Checks.Icmp("a");
        _totals.SetChecks([check], "local");
        var four = SeriesOf(check, 4);
        var six = SeriesOf(check, 6);

        _totals.Take(
            [
                Given.Sample(four, 1) with { Duplicates = 2 },
                Given.Sample(four, 2) with { Value = 0, Loss = LossReason.Timeout },
                Given.Sample(four, 3) with { Value = 0, Loss = LossReason.HostUnreachable },
                Given.Sample(four, 4, value: 500) with { IsSuspect = true },
                Given.Sample(six, 1),
            ],
            [new Round(four, 5, Given.Start, Sent: 0, Lost: 0, NotSent: 3, MissedBefore: 7, LateAnswers: 1)]);

        var counts = Read(check)[0];
        Assert.Equal((4, 2, 2, 1, 3), (counts.Sent, counts.Received, counts.Duplicates, counts.Suspect, counts.NotSent));
        Assert.Equal((7, 1), (counts.MissedRounds, counts.LateAnswers));
        Assert.Equal([(LossReason.Timeout, 1L), (LossReason.HostUnreachable, 1L)], counts.Losses);
        Assert.Equal(0.0015, counts.Durations.SumSeconds, 1e-12);
        Assert.Equal(2, counts.Durations.Counts.Sum());
        Assert.True(counts.IsNewestAnswered);
        Assert.Equal(1, Read(check)[1].Sent);
    }

    [Fact]
    public void A_late_answer_is_not_the_newest_and_a_loss_hides_the_last_round_trip()
    {
        var check = Checks.Icmp("a");
        _totals.SetChecks([check], "local");
        var series = SeriesOf(check, 4);

        _totals.Take([Given.Sample(series, 5, value: 55), Given.Sample(series, 4, value: 44)], []);
        Assert.Equal((55, true), (Read(check)[0].LastAnswered!.Value.Value, Read(check)[0].IsNewestAnswered));
        _totals.Take([Given.Sample(series, 6) with { Loss = LossReason.Timeout, Value = 0 }], []);
        Assert.Equal((55, false), (Read(check)[0].LastAnswered!.Value.Value, Read(check)[0].IsNewestAnswered));
    }

    [Fact]
    public void Counts_survive_a_reload_and_leave_with_their_check()
    {
        var (stays, goes) = (Checks.Icmp("stays"), Checks.Icmp("goes"));
        _totals.SetChecks([stays, goes], "local");
        _totals.Take([Given.Sample(SeriesOf(stays, 4), 1), Given.Sample(SeriesOf(goes, 4), 1)], []);

        var moved = stays with { Region = "Seoul" };
        _totals.SetChecks([moved], "local");
        _totals.Take([Given.Sample(SeriesOf(stays, 4), 2), Given.Sample(SeriesOf(goes, 4), 2)], []);

        Assert.Equal(moved, Assert.Single(_totals.Checks).Labeled.Check);
        Assert.Equal(2, Read(moved)[0].Sent);
        Assert.Contains("region=\"Seoul\"", System.Text.Encoding.UTF8.GetString(_totals.Checks[0].Labeled.Labels.Text), StringComparison.Ordinal);
        _totals.SetChecks([moved, goes], "local");
        Assert.Empty(_totals.Checks[1].Series);
    }

    [Fact]
    public void A_copy_does_not_change_when_more_is_counted()
    {
        var check = Checks.Icmp("a");
        _totals.SetChecks([check], "local");
        var lost = Given.Sample(SeriesOf(check, 4), 1) with { Loss = LossReason.Timeout, Value = 0 };
        _totals.Take([lost, Given.Sample(SeriesOf(check, 4), 2)], []);
        var before = Read(check)[0];

        _totals.Take([lost with { Round = 3 }, Given.Sample(SeriesOf(check, 4), 4)], []);

        Assert.Equal(1, before.Losses[0].Count);
        Assert.Equal(1, before.Durations.Counts.Sum());
        Assert.Equal(1, before.Durations.Exponential.Sum(bucket => bucket.Count));
    }

    [Fact]
    public void An_address_is_known_by_its_series()
    {
        _totals.SetAddress(new SeriesHandle(3), IPAddress.Parse("2001:DB8::0:1"));

        Assert.Equal("2001:db8::1", _totals.AddressOf(new SeriesHandle(3)));
        Assert.Null(_totals.AddressOf(new SeriesHandle(4)));
    }

    private SeriesHandle SeriesOf(Check check, byte family) =>
        _catalog.GetOrAdd(new SeriesKey(check.Id, "local", family, Quantity.Rtt));

    private List<SeriesCounts> Read(Check check) =>
        [.. _totals.Checks.Single(one => one.Labeled.Check == check).Series.Select(series => series.Read(withExponential: true))];
}
