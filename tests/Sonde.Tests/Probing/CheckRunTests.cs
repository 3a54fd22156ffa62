using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class CheckRunTests
{
    private const long Millisecond = 1_000_000;
    private const long Start = 5_000 * Millisecond;

    [Fact]
    public void Rounds_keep_their_rate_over_a_day_without_drift()
    {
        var run = Run(TimeSpan.FromTicks(10_000_001)); // 1.0000001 s: floating point would lose a nanosecond a round

        for (var round = 0; round < 86_400; round++)
        {
            Assert.Equal(Start + (round * 1_000_000_100L), run.NextProbeAt);
            Assert.Equal(7 + round, run.RoundNumber);
            Assert.Equal(0, run.SkipOverdueRounds(run.NextProbeAt + (round % 900 * Millisecond)));
            run.MoveOn();
        }
    }

    [Fact]
    public void The_probes_of_a_round_are_spread_by_the_gap()
    {
        var run = Run(TimeSpan.FromSeconds(1), packets: 4);
        var due = new List<(long At, int Index, long Round)>();

        for (var probe = 0; probe < 6; probe++)
        {
            due.Add(((run.NextProbeAt - Start) / Millisecond, run.NextIndex, run.RoundNumber));
            run.MoveOn();
        }

        Assert.Equal([(0, 0, 7), (250, 1, 7), (500, 2, 7), (750, 3, 7), (1_000, 0, 8), (1_250, 1, 8)], due);
    }

    [Fact]
    public void Overdue_rounds_are_skipped_and_counted()
    {
        var run = Run(TimeSpan.FromSeconds(1));

        Assert.Equal(3, run.SkipOverdueRounds(Start + (3_999 * Millisecond)));

        Assert.Equal(Start + (3_000 * Millisecond), run.NextProbeAt);
        Assert.Equal(10, run.RoundNumber);
        Assert.Equal(3, run.MissedRounds);
    }

    [Fact]
    public void A_round_tells_what_was_missed_and_came_late_since_the_one_before()
    {
        var run = Run(TimeSpan.FromSeconds(1));
        run.SkipOverdueRounds(Start + (3_999 * Millisecond));
        run.LateAnswers += 2;

        var told = new List<(int, int)>();
        for (var round = 0; round < 2; round++)
        {
            run.Open(0);
            var whole = run.Count(run.RoundNumber, isMeasured: true, isLost: false)!.Value;
            told.Add((whole.MissedBefore, whole.LateAnswers));
            run.MoveOn();
        }

        Assert.Equal([(3, 2), (0, 0)], told);
    }

    [Fact]
    public void A_round_that_is_late_by_less_than_an_interval_is_measured()
    {
        var run = Run(TimeSpan.FromSeconds(1));

        Assert.Equal(0, run.SkipOverdueRounds(Start + (999 * Millisecond)));
        Assert.Equal(0, run.SkipOverdueRounds(Start - (10 * Millisecond)));
        Assert.False(run.IsProbeOverdue(Start + (999 * Millisecond)));
    }

    [Fact]
    public void A_round_under_way_is_not_skipped_but_its_late_probes_are()
    {
        var run = Run(TimeSpan.FromSeconds(2), packets: 4);
        run.MoveOn();
        var late = Start + (9_000 * Millisecond);

        Assert.Equal(0, run.SkipOverdueRounds(late));
        Assert.True(run.IsProbeOverdue(late));
        run.MoveOn();
        Assert.True(run.IsProbeOverdue(late));
        run.MoveOn();
        Assert.True(run.IsProbeOverdue(late));
        run.MoveOn();

        Assert.Equal(3, run.SkipOverdueRounds(late));
        Assert.Equal(Start + (8_000 * Millisecond), run.NextProbeAt);
    }

    [Theory]
    [InlineData(1_000, 4, 250, false)]
    [InlineData(1_000, 4, 251, true)]
    [InlineData(100, 10, 100, false)] // a gap of 10 ms: 100 ms are let pass
    [InlineData(100, 10, 101, true)]
    public void A_probe_is_overdue_when_the_next_one_is_due(int interval, int packets, int late, bool isOverdue)
    {
        var run = Run(TimeSpan.FromMilliseconds(interval), packets);
        run.MoveOn();

        Assert.Equal(isOverdue, run.IsProbeOverdue(run.NextProbeAt + (late * Millisecond)));
    }

    [Fact]
    public void Rounds_overlap_when_the_timeout_exceeds_the_interval()
    {
        var run = Run(TimeSpan.FromSeconds(1), packets: 2);
        Begin(run);
        Begin(run);
        Begin(run);

        Assert.Null(run.Count(7, isMeasured: true, isLost: false));
        Assert.Null(run.Count(9, isMeasured: true, isLost: false));
        var second = run.Count(9, isMeasured: true, isLost: true);
        Assert.Null(run.Count(8, isMeasured: false, isLost: false));
        var first = run.Count(7, isMeasured: true, isLost: false);

        Assert.Equal((9L, 2, 1, 0), (second!.Value.Number, second.Value.Sent, second.Value.Lost, second.Value.NotSent));
        Assert.Equal((7L, 2, 0, 0), (first!.Value.Number, first.Value.Sent, first.Value.Lost, first.Value.NotSent));
        Assert.Equal(700, first.Value.StartedAtMilliseconds);
    }

    [Fact]
    public void A_round_that_is_not_open_ends_nothing() =>
        Assert.Null(Run(TimeSpan.FromSeconds(1)).Count(7, isMeasured: true, isLost: true));

    [Fact]
    public void Rounds_lost_whole_in_a_row_are_counted_and_a_gap_changes_nothing()
    {
        var run = Run(TimeSpan.FromSeconds(1));

        Assert.Equal([1, 2, 2, 3, 0, 1], [Lost(), Lost(), Gap(), Lost(), Answered(), Lost()]);

        int Lost() => End(run, isMeasured: true, isLost: true);
        int Gap() => End(run, isMeasured: false, isLost: false);
        int Answered() => End(run, isMeasured: true, isLost: false);
    }

    [Fact]
    public void A_round_with_one_answer_is_not_lost_whole()
    {
        var run = Run(TimeSpan.FromSeconds(1), packets: 2);
        Begin(run);
        run.Count(7, isMeasured: true, isLost: true);

        Assert.False(run.Count(7, isMeasured: true, isLost: false)!.Value.IsLostWhole);
        Assert.Equal(0, run.LostInARow);
    }

    [Fact]
    public void A_round_that_is_cut_off_ends_with_the_probes_that_were_begun()
    {
        var run = Run(TimeSpan.FromSeconds(1), packets: 4);
        run.Open(700);
        run.MoveOn();
        run.MoveOn();
        Assert.Null(run.Count(7, isMeasured: true, isLost: false));

        Assert.Null(run.CutOff()); // the second is awaited

        var round = run.Count(7, isMeasured: true, isLost: true);
        Assert.Equal((2, 1, 0), (round!.Value.Sent, round.Value.Lost, round.Value.NotSent));
        Assert.Equal(0, run.OpenRounds);
    }

    [Fact]
    public void A_round_that_is_cut_off_when_all_of_it_has_ended_ends_at_once()
    {
        var run = Run(TimeSpan.FromSeconds(1), packets: 3);
        run.Open(700);
        run.MoveOn();
        Assert.Null(run.Count(7, isMeasured: false, isLost: false));

        var round = run.CutOff();

        Assert.Equal((7L, 700L, 0, 1), (round!.Value.Number, round.Value.StartedAtMilliseconds, round.Value.Sent, round.Value.NotSent));
        Assert.Equal(0, run.OpenRounds);
    }

    [Fact]
    public void Between_two_rounds_nothing_is_cut_off()
    {
        var run = Run(TimeSpan.FromSeconds(1), packets: 2);
        Begin(run);

        Assert.Null(run.CutOff());

        Assert.Null(run.Count(7, isMeasured: true, isLost: false));
        Assert.Equal(2, run.Count(7, isMeasured: true, isLost: false)!.Value.Sent);
    }

    private static CheckRun Run(TimeSpan interval, int packets = 1) => new(
        Checks.Icmp("a") with { Interval = interval, Packets = packets }, FamilyChoice.Auto, new SeriesHandle(3), 7, Start);

    private static void Begin(CheckRun run)
    {
        run.Open(run.RoundNumber * 100);
        for (var probe = 0; probe < run.Check.Packets; probe++)
        {
            run.MoveOn();
        }
    }

    private static int End(CheckRun run, bool isMeasured, bool isLost)
    {
        var round = run.RoundNumber;
        Begin(run);
        Assert.NotNull(run.Count(round, isMeasured, isLost));
        return run.LostInARow;
    }
}
