using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Measurement.Timing;
using Sonde.Probing;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class SampleMakingTests
{
    private const long Millisecond = 1_000_000;
    private const long SentAt = 1_767_225_600_000 * Millisecond;
    private readonly LatenessWatch _lateness = new();

    [Theory]
    [InlineData(0, 1_000_499, 0, 1_000)]
    [InlineData(499_999, 1_000_500, 0, 1_001)]
    [InlineData(500_000, 12_345_678, 1, 12_346)]
    public void Times_are_rounded_once(long sentAfter, long rtt, long milliseconds, long microseconds)
    {
        var sample = Make(ProbeResult.Answered(SentAt + sentAfter, new RoundTripTime(rtt), 57), answeredAt: 0);

        Assert.Equal(1_767_225_600_000 + milliseconds, sample.SentAtMilliseconds);
        Assert.Equal(microseconds, sample.Value);
        Assert.Equal((9L, (ushort)2, (ushort)3, (byte?)57), (sample.Round, sample.Index, sample.Duplicates, sample.TimeToLive));
    }

    [Fact]
    public void A_lost_probe_is_a_sample_without_a_value()
    {
        var sample = Make(ProbeResult.Lost(SentAt, LossReason.HostUnreachable), answeredAt: 0);

        Assert.Equal((LossReason.HostUnreachable, 0L, null), (sample.Loss, sample.Value, sample.TimeToLive));
        Assert.False(sample.IsSuspect);
    }

    [Theory]
    [InlineData(90, 5, false)] // answered before the lateness
    [InlineData(105, 10, true)] // the answer fell into it
    [InlineData(160, 80, false)] // it lay between two stamps of the kernel
    [InlineData(160, 5, false)] // sent after it
    public void A_sample_is_suspect_when_its_answer_came_while_the_loop_was_late(int answered, int rtt, bool isSuspect)
    {
        _lateness.Woke(100 * Millisecond, 150 * Millisecond);

        var sample = Make(
            ProbeResult.Answered(SentAt, new RoundTripTime(rtt * Millisecond)), answeredAt: answered * Millisecond);

        Assert.Equal(isSuspect, sample.IsSuspect);
    }

    [Fact]
    public void A_prober_may_suspect_its_own_time()
    {
        var result = ProbeResult.Answered(SentAt, new RoundTripTime(1)) with { IsSuspect = true };

        Assert.True(Make(result, answeredAt: 0).IsSuspect);
    }

    [Fact]
    public void A_step_of_the_wall_clock_before_the_sample_is_made_does_not_move_what_is_suspect()
    {
        // lateness an hour ago; the wall clock has gone forward by an hour since the answer, so that the sent-at in UTC
        // taken back by the new anchor would lie before it
        _lateness.Woke(0, 2 * Millisecond);
        var hour = 3_600_000 * Millisecond;

        var sample = Make(ProbeResult.Answered(SentAt - hour, new RoundTripTime(Millisecond)), answeredAt: hour);

        Assert.False(sample.IsSuspect);
    }

    [Fact]
    public void Every_reason_for_not_sending_has_words_of_its_own()
    {
        var reasons = Enum.GetValues<NotSentReason>().Where(reason => reason != NotSentReason.None).ToList();

        var words = reasons.ConvertAll(NotSentWords.For);

        Assert.All(words, Assert.NotEmpty);
        Assert.Equal(reasons.Count, words.Distinct().Count());
    }

    [Theory]
    [InlineData(1_500_000_000, 0, MarkKind.ClockStepped, "The wall clock was set forward by 1.5 s")]
    [InlineData(-3_600_000_000_000, 0, MarkKind.ClockStepped, "The wall clock was set back by 3600 s")]
    [InlineData(0, 60_250_000_000, MarkKind.Suspended, "The machine was suspended for 60.25 s")]
    [InlineData(5_000_000_000, 60_000_000_000, MarkKind.Suspended, "The machine was suspended for 60 s")]
    public void A_disturbed_clock_has_its_mark(long step, long asleep, object kind, string text) =>
        Assert.Equal(new Mark(17, (MarkKind)kind, null, text), ClockMarks.For(new ClockCheck(step, asleep), 17));

    [Fact]
    public void A_stopped_program_has_its_mark() => Assert.Equal(
        new Mark(17, MarkKind.Stopped, null, "The program did not run for 2.001 s"), ClockMarks.ForStop(2_001_000_000, 17));

    private Sample Make(ProbeResult result, long answeredAt) => SampleMaking.From(
        new PendingSample
        {
            Series = new SeriesHandle(1),
            Round = 9,
            Index = 2,
            Duplicates = 3,
            Result = result,
            AnsweredAt = answeredAt,
        },
        _lateness);
}
