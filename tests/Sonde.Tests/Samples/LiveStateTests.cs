using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Samples;

public sealed class LiveStateTests
{
    private readonly Check _check = LiveLab.CheckOf("icmp-a");
    private readonly LiveLab _lab;

    public LiveStateTests() => _lab = new LiveLab(_check);

    [Fact]
    public void A_check_is_unknown_until_a_round_is_answered_then_up()
    {
        Assert.Equal((CheckState.Unknown, null), (_lab.StateOf(_check), _lab.View(_check).StateSinceMilliseconds));
        Assert.Empty(_lab.View(_check).Series);

        _lab.Round(_check, 1, 1_000);

        Assert.Equal((CheckState.Up, _lab.Now), (_lab.StateOf(_check), _lab.View(_check).StateSinceMilliseconds));
    }

    [Fact]
    public void Three_rounds_lost_whole_make_it_down_and_one_answer_brings_it_back()
    {
        Answer(1, 100);
        Lose(101, 2);
        Assert.NotEqual(CheckState.Down, _lab.StateOf(_check));
        Lose(103, 1);
        Assert.Equal(CheckState.Down, _lab.StateOf(_check));

        Answer(104, 1);

        Assert.Equal(CheckState.Up, _lab.StateOf(_check));   // 3 of 104 is less than 5 %
        Assert.Equal([CheckState.Up, CheckState.Down, CheckState.Up], _lab.Changes.Select(change => change.To));
    }

    [Fact]
    public void A_check_that_never_answered_is_down_after_its_third_round()
    {
        Lose(1, 2);
        Assert.Equal(CheckState.Unknown, _lab.StateOf(_check));

        Lose(3, 1);

        Assert.Equal(CheckState.Down, _lab.StateOf(_check));
    }

    [Fact]
    public void More_than_five_percent_lost_over_five_minutes_is_degraded_and_exactly_five_is_not()
    {
        Answer(1, 95);
        for (var round = 96L; round < 106; round += 2)
        {
            Lose(round, 1);
            Answer(round + 1, 1);
        }
        Assert.Equal(CheckState.Up, _lab.StateOf(_check));   // 5 of 105
        Lose(106, 1);
        Assert.Equal(CheckState.Degraded, _lab.StateOf(_check));   // 6 of 106

        Answer(107, 300);

        Assert.Equal(CheckState.Up, _lab.StateOf(_check));
    }

    [Fact]
    public void Rounds_may_close_in_another_order_than_they_began()
    {
        var series = _lab.SeriesOf(_check);
        Answer(1, 60);
        foreach (var round in new long[] { 62, 64, 63, 61 })
        {
            _lab.Live.Take([], [new Round(series, round, _lab.Now + round, Sent: 1, Lost: round == 61 ? 0 : 1, NotSent: 0)]);
        }

        Assert.Equal(CheckState.Down, _lab.StateOf(_check));   // the answered one is older than the last three
    }

    [Fact]
    public void Without_a_round_in_three_intervals_it_is_unknown()
    {
        Answer(1, 10);

        _lab.Pass(4);   // 3 intervals after the last round and its timeout of 2 s, and a second for the pipeline, less one
        _lab.Live.Tick();
        Assert.Equal(CheckState.Up, _lab.StateOf(_check));
        _lab.Pass(2);
        Assert.Equal(CheckState.Unknown, _lab.StateOf(_check));
        Assert.Equal(CheckState.Up, _lab.Changes[^1].To);
        _lab.Live.Tick();

        Assert.Equal(new StateChange(_check.Id, CheckState.Up, CheckState.Unknown, _lab.Now), _lab.Changes[^1]);
    }

    [Fact]
    public void What_could_not_be_sent_is_unknown_and_counts_for_no_uptime()
    {
        Answer(1, 10);

        _lab.RoundNotSent(_check, 11);

        Assert.Equal(CheckState.Unknown, _lab.StateOf(_check));
        Assert.Equal(1, _lab.View(_check).Rounds.UptimeRatio);
    }

    [Fact]
    public void A_problem_is_shown_makes_it_unknown_and_goes_when_it_is_taken_back()
    {
        Answer(1, 10);

        _lab.Live.SetProblem(_check.Id, "cannot be sent: no permission");
        Assert.Equal((CheckState.Unknown, "cannot be sent: no permission"), (_lab.StateOf(_check), _lab.View(_check).Problem));
        _lab.Live.SetProblem(_check.Id, null);

        Assert.Equal((CheckState.Up, null), (_lab.StateOf(_check), _lab.View(_check).Problem));
        _lab.Live.SetProblem(CheckId.Parse("nobody"), "is ignored");
    }

    [Fact]
    public void Of_both_families_one_that_is_down_is_not_hidden_by_the_other()
    {
        var both = LiveLab.CheckOf("icmp-both", family: FamilyChoice.Both);
        var lab = new LiveLab(both);
        GiveRounds(lab, both, 1, 30, over4: 1_000, over6: null);
        Assert.Equal(CheckState.Degraded, lab.StateOf(both));
        Assert.Equal([CheckState.Up, CheckState.Down], lab.View(both).Series.Select(series => series.State));
        Assert.Equal([1.0, 0.0], lab.View(both).Series.Select(series => series.Rounds.UptimeRatio));
        Assert.Equal(0.5, lab.View(both).Rounds.UptimeRatio);   // a round of each family counts by itself

        GiveRounds(lab, both, 31, 10, over4: null, over6: null);
        Assert.Equal(CheckState.Down, lab.StateOf(both));

        GiveRounds(lab, both, 41, 1, over4: null, over6: 1_000);
        Assert.Equal(CheckState.Degraded, lab.StateOf(both));
    }

    [Fact]
    public void Of_both_families_one_that_cannot_be_measured_says_nothing()
    {
        var both = LiveLab.CheckOf("icmp-both", family: FamilyChoice.Both);
        var lab = new LiveLab(both);
        GiveRounds(lab, both, 1, 10, over4: 1_000, over6: 1_000);

        lab.Live.SetProblem(both.Id, "IPv6 not sent: both has no IPv6 address");
        lab.RoundNotSent(both, 11, family: 6);
        Assert.Equal(CheckState.Up, lab.StateOf(both));
        Assert.Equal([CheckState.Up, CheckState.Unknown], lab.View(both).Series.Select(series => series.State));

        lab.RoundNotSent(both, 11, family: 4);
        Assert.Equal(CheckState.Unknown, lab.StateOf(both));
    }

    [Fact]
    public void A_check_that_left_a_family_has_the_state_of_the_other()
    {
        var lab = new LiveLab(_check);
        for (var round = 1L; round <= 3; round++)
        {
            lab.Round(_check, round, null, family: 6);
            lab.Pass(1);
        }
        Assert.Equal(CheckState.Down, lab.StateOf(_check));

        lab.Round(_check, 4, 1_000, family: 4);

        Assert.Equal(CheckState.Up, lab.StateOf(_check));
    }

    [Fact]
    public void Missed_rounds_and_late_answers_are_counted_over_the_last_hour()
    {
        var series = _lab.SeriesOf(_check);
        Answer(1, 10);
        var told = new Round(series, 14, _lab.Now, Sent: 1, Lost: 1, NotSent: 0, MissedBefore: 3, LateAnswers: 2);
        _lab.Live.Take([], [told]);
        var unsent = told with { Number = 15, Sent = 0, Lost = 0, NotSent = 1, MissedBefore = 70_000, LateAnswers = 1 };
        _lab.Live.Take([], [unsent]);

        var rounds = _lab.View(_check).Rounds;
        Assert.Equal(new RoundTotals(Measured: 11, LostWhole: 1, Missed: 70_003, LateAnswers: 3), rounds);
        _lab.Pass(3_600);
        Assert.Equal(default, _lab.View(_check).Rounds);
    }

    [Fact]
    public void Uptime_is_the_share_of_rounds_not_lost_whole_over_the_last_hour()
    {
        Assert.Null(_lab.View(_check).Rounds.UptimeRatio);
        Lose(1, 60);
        Answer(61, 180);
        Assert.Equal(0.75, _lab.View(_check).Rounds.UptimeRatio);

        _lab.Pass(3_480);   // the first of the four minutes has left the hour that ends with the minute under way

        Assert.Equal(1, _lab.View(_check).Rounds.UptimeRatio);
        _lab.Pass(3_600);
        Assert.Null(_lab.View(_check).Rounds.UptimeRatio);
    }

    [Fact]
    public void A_slow_check_is_not_unknown_between_its_rounds()
    {
        var daily = LiveLab.CheckOf("icmp-daily", seconds: 86_400);
        var lab = new LiveLab(daily);
        lab.Round(daily, 1, 1_000);

        lab.Pass(2.9 * 86_400);
        lab.Live.Tick();
        Assert.Equal(CheckState.Up, lab.StateOf(daily));
        lab.Pass(0.2 * 86_400);

        Assert.Equal(CheckState.Unknown, lab.StateOf(daily));
    }

    [Fact]
    public void A_reload_keeps_what_is_known_of_the_ids_that_stay_and_forgets_the_others()
    {
        var other = LiveLab.CheckOf("icmp-b");
        _lab.Live.SetChecks([_check, other]);
        Answer(1, 10);
        _lab.Round(other, 1, 1_000);

        _lab.Live.SetChecks([LiveLab.CheckOf("icmp-c"), _check with { Region = "Rome" }]);
        _lab.Round(other, 2, 1_000);   // still under way when its check went

        Assert.Equal(["icmp-c", "icmp-a"], _lab.Live.All(_lab.Now).Select(view => view.Check.Id.Value));
        Assert.Equal(("Rome", CheckState.Up), (_lab.View(_check).Check.Region, _lab.StateOf(_check)));
        Assert.Equal(10, _lab.View(_check).Series[0].OneMinute.Window.Sent);
        Assert.Null(_lab.Live.Find(other.Id, _lab.Now));
    }

    [Fact]
    public void Quantities_other_than_rtt_are_left_out()
    {
        var key = new SeriesKey(_check.Id, "local", 4, new Quantity("certificate", "s"));

        _lab.Give(LiveLab.SampleOf(_lab.Catalog.GetOrAdd(key), 1, _lab.Now, 5));

        Assert.Empty(_lab.View(_check).Series);
    }

    [Fact]
    public void A_handler_that_looks_at_the_check_does_not_wait_for_itself()
    {
        var seen = new List<CheckState>();
        _lab.Live.StateChanged += change => seen.Add(_lab.Live.Find(change.Check, _lab.Now)!.State);

        Answer(1, 1);

        Assert.Equal([CheckState.Up], seen);
    }

    private static void GiveRounds(LiveLab lab, Check both, long first, int count, long? over4, long? over6)
    {
        for (var round = first; round < first + count; round++)
        {
            lab.Round(both, round, over4, family: 4);
            lab.Round(both, round, over6, family: 6);
            lab.Pass(1);
        }
    }

    private void Answer(long firstRound, int count)
    {
        for (var round = firstRound; round < firstRound + count; round++)
        {
            _lab.Round(_check, round, 1_000);
            _lab.Pass(1);
        }
    }

    private void Lose(long firstRound, int count)
    {
        for (var round = firstRound; round < firstRound + count; round++)
        {
            _lab.Round(_check, round, null);
            _lab.Pass(1);
        }
    }
}
