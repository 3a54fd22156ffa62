using Sonde.Cli;
using Xunit;

namespace Sonde.Tests.Cli;

public sealed class PingScheduleTests
{
    private const long Start = 1_000;
    private const long Second = 1_000_000_000;

    [Fact]
    public void The_targets_share_the_interval_and_nothing_drifts()
    {
        var schedule = Make(targets: 4, count: 2);

        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3], TakeUntil(schedule, Start + (2 * Second)));
        Assert.Equal((true, long.MaxValue), (schedule.IsOver, schedule.NextDue));
    }

    [Fact]
    public void A_probe_is_due_at_its_place_in_the_interval()
    {
        var schedule = Make(targets: 4, count: 2);

        Assert.Equal([0, 1], TakeUntil(schedule, Start + (Second / 4)));
        Assert.Equal(Start + (Second / 2), schedule.NextDue);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1_000)]
    public void After_a_stop_what_was_missed_is_not_sent_at_once(int targets)
    {
        var schedule = Make(targets, count: 20);
        _ = TakeUntil(schedule, Start);
        var late = Start + (10 * Second);

        schedule.SkipOverdue(late);

        Assert.Single(TakeUntil(schedule, late));
        Assert.Equal(late + (Second / targets), schedule.NextDue);
        Assert.Equal((20 * targets) - 2, TakeUntil(schedule, late + (20 * Second)).Count);
    }

    [Fact]
    public void A_little_lateness_moves_nothing()
    {
        var schedule = Make(targets: 4, count: 2);
        var late = Start + (Second / 2);

        schedule.SkipOverdue(late);

        Assert.Equal([0, 1, 2], TakeUntil(schedule, late));
        Assert.Equal(Start + (Second * 3 / 4), schedule.NextDue);
    }

    [Fact]
    public void Without_a_count_it_never_ends()
    {
        var schedule = Make(targets: 1, count: 0);

        Assert.Equal(1_001, TakeUntil(schedule, Start + (1_000 * Second)).Count);
        Assert.False(schedule.IsOver);
    }

    private static PingSchedule Make(int targets, int count) =>
        new(Start, new PingPlan(count, TimeSpan.FromSeconds(1)), targets);

    private static List<int> TakeUntil(PingSchedule schedule, long now)
    {
        var places = new List<int>();
        while (schedule.TryTakeDue(now, out var place))
        {
            places.Add(place);
        }
        return places;
    }
}
