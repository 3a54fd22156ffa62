using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class RoundScheduleTests
{
    private const long Millisecond = 1_000_000;
    private readonly RoundSchedule _schedule = new();

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(60, 10_000)] // long intervals start within 10 s, 1,000 checks a second
    public void Ten_thousand_checks_are_spread_evenly(int seconds, int spreadMilliseconds)
    {
        var starts = Enumerable.Range(0, 10_000)
            .Select(_ => _schedule.PlaceStart(77, TimeSpan.FromSeconds(seconds), 10_000) - 77).ToList();

        Assert.All(starts, start => Assert.InRange(start, 0, (spreadMilliseconds * Millisecond) - 1));
        var share = 10_000 * 10 / spreadMilliseconds;
        var slots = starts.CountBy(start => start / (10 * Millisecond)).ToList();
        Assert.Equal(spreadMilliseconds / 10, slots.Count);
        Assert.All(slots, slot => Assert.InRange(slot.Value, share / 3, 3 * share));
    }

    [Fact]
    public void A_few_checks_with_long_intervals_start_within_a_second()
    {
        var starts = Enumerable.Range(0, 5).Select(_ => _schedule.PlaceStart(0, TimeSpan.FromHours(1), 5)).ToList();

        Assert.All(starts, start => Assert.InRange(start, 0, 1_000 * Millisecond));
        Assert.Equal(0, starts[0]);
        Assert.Equal(5, starts.Distinct().Count());
    }

    [Fact]
    public void Checks_are_taken_in_the_order_of_their_time_and_not_before_it()
    {
        var late = Add(startAt: 30);
        var early = Add(startAt: 10);

        Assert.Equal(10, _schedule.NextDue);
        Assert.Null(_schedule.TakeDue(9));
        Assert.Same(early, _schedule.TakeDue(30));
        Assert.Same(late, _schedule.TakeDue(30));
        Assert.Null(_schedule.TakeDue(long.MaxValue));
        Assert.Equal(long.MaxValue, _schedule.NextDue);
    }

    [Fact]
    public void Removed_checks_are_not_kept_until_they_would_be_due()
    {
        Add(startAt: 10).IsRemoved = true;
        var kept = Add(startAt: 20);
        Add(startAt: 30).IsRemoved = true;

        _schedule.DropRemoved();

        Assert.Equal(20, _schedule.NextDue);
        Assert.Same(kept, _schedule.TakeDue(100));
        Assert.Equal(long.MaxValue, _schedule.NextDue);
    }

    [Fact]
    public void A_check_that_is_put_back_comes_at_its_next_time()
    {
        var run = Add(startAt: 10);
        Assert.Same(run, _schedule.TakeDue(10));
        run.MoveOn();
        _schedule.Add(run);

        Assert.Equal(10 + (1_000 * Millisecond), _schedule.NextDue);
    }

    private CheckRun Add(long startAt)
    {
        var run = new CheckRun(Checks.Icmp("a"), FamilyChoice.Auto, new SeriesHandle(0), 1, startAt);
        _schedule.Add(run);
        return run;
    }
}
