using Sonde.Measurement;
using Sonde.Push;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Push;

public class PushChecksTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_success_says_its_own_duration()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Start();
        lab.Pass(Minute);
        var answer = lab.Succeed(TimeSpan.FromMilliseconds(1_250.5));

        Assert.Equal(PushAnswer.Kept, answer);
        var sample = Assert.Single(lab.Samples);
        Assert.Equal((1_250_500, LossReason.None, lab.Now), (sample.Value, sample.Loss, sample.SentAtMilliseconds));
        Assert.False(sample.IsSuspect);
        Assert.Equal(7, RunNumber.Of(sample.Round));
        Assert.Equal(
            new SeriesKey(CheckId.Parse("push-backup"), "local", 4, Quantity.Rtt), lab.Catalog.KeyOf(sample.Series));
        Assert.Equal(new Round(sample.Series, sample.Round, lab.Now, Sent: 1, Lost: 0, NotSent: 0), Assert.Single(lab.Rounds));
    }

    [Fact]
    public void A_success_after_a_start_lasted_from_then_to_now()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Start();
        lab.Pass(TimeSpan.FromSeconds(90.5));
        lab.Succeed();
        lab.Pass(Minute);
        lab.Succeed();

        Assert.Equal([90_500_000, 0], lab.Samples.ConvertAll(sample => sample.Value));
    }

    [Theory]
    [InlineData(72 * 60)]
    [InlineData(6 * 24 * 60 * 60)]
    public void The_windows_know_jobs_of_hours_and_days(int seconds)
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Succeed(TimeSpan.FromSeconds(seconds));

        var sample = Assert.Single(lab.Samples);
        var series = Assert.Single(lab.Board.Find(CheckId.Parse("push-backup"), lab.Now)!.Series);
        Assert.Equal(seconds * 1_000_000L, sample.Value);
        Assert.Equal(sample, series.Last);
        Assert.Equal(sample.Value, series.SixtyMinutes.Window.MaximumMicroseconds);
        Assert.Equal(0, lab.Board.TooLate);
    }

    [Fact]
    public void A_failure_is_a_loss_with_its_words()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Fail("exit code 3");

        var sample = Assert.Single(lab.Samples);
        Assert.Equal((LossReason.JobFailed, 0), (sample.Loss, sample.Value));
        Assert.True(Assert.Single(lab.Rounds).IsLostWhole);
        Assert.Equal(new ToldLoss(lab.Now, LossReason.JobFailed, "exit code 3"), Assert.Single(lab.Told));
    }

    [Fact]
    public void Rounds_count_up_by_one()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Succeed();
        lab.Pass(Second);
        lab.Fail();
        lab.Pass(2 * Minute * 60);

        var rounds = lab.Samples.ConvertAll(sample => sample.Round);
        Assert.Equal(4, rounds.Count);
        Assert.Equal(Enumerable.Range(0, 4).Select(n => rounds[0] + n), rounds);
    }

    [Fact]
    public void Silence_is_a_loss_for_each_interval_once_the_grace_is_over()
    {
        using var lab = new PushLab(PushLab.Hourly(grace: 5 * Minute));
        var begin = lab.Now;

        lab.Succeed();
        lab.Pass((65 * Minute) - Second);
        var before = lab.Samples.Count;
        lab.Pass(Second);
        lab.Pass(60 * Minute);

        Assert.Equal(1, before);
        var silent = lab.Samples.Skip(1).ToList();
        Assert.Equal([65, 125], silent.ConvertAll(sample => (sample.SentAtMilliseconds - begin) / 60_000));
        Assert.All(silent, sample => Assert.Equal(LossReason.Silent, sample.Loss));
        Assert.Empty(lab.Told);
    }

    [Fact]
    public void A_job_that_never_called_is_silent_from_the_start_of_the_program_on()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Pass(60 * Minute);

        Assert.Equal(LossReason.Silent, Assert.Single(lab.Samples).Loss);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_in_time_breaks_the_silence(bool isSuccess)
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Pass(59 * Minute);
        _ = isSuccess ? lab.Succeed() : lab.Fail();
        lab.Pass(59 * Minute);

        Assert.DoesNotContain(lab.Samples, sample => sample.Loss == LossReason.Silent);
    }

    [Fact]
    public void A_call_that_comes_too_late_finds_the_silence_counted_even_between_two_looks()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Pass((60 * Minute) - Second);
        lab.Stop(TimeSpan.FromSeconds(1.5));
        lab.Succeed();

        Assert.Equal([LossReason.Silent, LossReason.None], lab.Samples.ConvertAll(sample => sample.Loss));
        Assert.Equal(500, lab.Samples[1].SentAtMilliseconds - lab.Samples[0].SentAtMilliseconds);
    }

    [Fact]
    public void A_start_without_an_end_is_silent_an_interval_and_the_grace_later()
    {
        using var lab = new PushLab(PushLab.Hourly(grace: 5 * Minute));

        lab.Pass(50 * Minute);
        lab.Start();
        lab.Pass((65 * Minute) - Second);
        var before = lab.Samples.Count;
        lab.Pass(Second);

        Assert.Equal(0, before);
        Assert.Equal(LossReason.Silent, Assert.Single(lab.Samples).Loss);
        Assert.Equal("it started and did not end", Assert.Single(lab.Told).Words);
    }

    [Fact]
    public void A_job_that_only_ever_starts_is_silent()
    {
        using var lab = new PushLab(PushLab.Hourly());

        for (var hour = 0; hour < 3; hour++)
        {
            lab.Start();
            lab.Pass(60 * Minute);
        }

        Assert.Equal(3, lab.Samples.Count);
    }

    [Fact]
    public void The_time_in_which_the_program_did_not_run_is_nobodys_silence()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Pass(59 * Minute);
        lab.Stop(TimeSpan.FromDays(1));
        lab.Push.Tick();
        lab.Pass(50 * Second);

        Assert.Empty(lab.Samples);
    }

    [Fact]
    public void A_duration_whose_end_waited_for_the_program_is_suspect()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Start();
        lab.Stop(Minute);
        lab.Push.Tick();
        lab.Succeed();
        lab.Pass(Minute);
        lab.Succeed(Second);

        Assert.Equal([true, false], lab.Samples.ConvertAll(sample => sample.IsSuspect));
    }

    [Fact]
    public void Calls_within_100_ms_are_not_counted()
    {
        using var lab = new PushLab(PushLab.Hourly());

        PushAnswer[] answers = [lab.Start(), lab.Succeed(), lab.Fail(), lab.Start(), lab.Start()];
        lab.Pass(PushJob.LeastGap);
        var later = lab.Succeed();

        Assert.Equal(
            [PushAnswer.Kept, PushAnswer.Kept, PushAnswer.TooOften, PushAnswer.Kept, PushAnswer.TooOften], answers);
        Assert.Equal(PushAnswer.Kept, later);
        Assert.Equal(2, lab.Samples.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("backup-token-471")]
    [InlineData("backup-token-47111")]
    [InlineData("BACKUP-TOKEN-4711")]
    [InlineData("\ud800")]
    public void A_wrong_token_changes_nothing(string token)
    {
        using var lab = new PushLab(PushLab.Hourly());

        var answer = lab.Push.Take(token, new PushCall(PushEvent.Failed));

        Assert.Equal(PushAnswer.Unknown, answer);
        Assert.Empty(lab.Samples);
    }

    [Fact]
    public void A_reload_keeps_what_is_under_way_of_an_unchanged_check()
    {
        using var lab = new PushLab(PushLab.Hourly());

        lab.Start();
        lab.Pass(40 * Minute);
        lab.Push.Apply([PushLab.Hourly() with { Name = "Backup at night", Region = "attic" }]);
        lab.Pass(10 * Minute);
        lab.Succeed();

        Assert.Equal(50L * 60 * 1_000_000, Assert.Single(lab.Samples).Value);
    }

    [Fact]
    public void A_changed_check_begins_anew_with_later_rounds_and_its_new_token()
    {
        using var lab = new PushLab(PushLab.Hourly());
        const string Later = "another-token-0815";

        lab.Succeed();
        lab.Pass(Second);
        lab.Push.Apply([PushLab.Hourly(token: Later)]);
        var old = lab.Succeed();
        lab.Push.Take(Later, new PushCall(PushEvent.Succeeded));

        Assert.Equal(PushAnswer.Unknown, old);
        Assert.Equal(lab.Samples[0].Round + 1, lab.Samples[1].Round);
        Assert.Equal(lab.Samples[0].Series, lab.Samples[1].Series);
    }

    [Fact]
    public void A_check_that_went_and_came_back_or_was_renamed_repeats_no_round()
    {
        using var lab = new PushLab(PushLab.Hourly());
        var renamed = PushLab.Hourly() with { Id = CheckId.Parse("nightly"), RenamedFrom = CheckId.Parse("push-backup") };

        lab.Succeed();
        lab.Push.Apply([]);
        var gone = lab.Succeed();
        lab.Push.Apply([PushLab.Hourly()]);
        lab.Succeed();
        lab.Push.Apply([renamed]);
        lab.Succeed();

        Assert.Equal(PushAnswer.Unknown, gone);
        Assert.Equal([0, 1, 2], lab.Samples.ConvertAll(sample => sample.Round - lab.Samples[0].Round));
    }

    [Fact]
    public void Other_kinds_are_left_alone()
    {
        using var lab = new PushLab(Checks.Icmp("router"), PushLab.Hourly());

        lab.Pass(60 * Minute);

        Assert.Single(lab.Samples);
    }

    [Fact]
    public void The_states_are_those_of_every_check()
    {
        using var lab = new PushLab(PushLab.Hourly(grace: 4 * 60 * Minute));

        var atFirst = State();
        lab.Succeed();
        var afterSuccess = State();
        lab.Pass((5 * 60 * Minute) - Second);
        var withinGrace = State();
        lab.Pass(Second);
        var atSilence = State();
        lab.Pass(2 * 60 * Minute);
        var afterThree = State();

        Assert.Equal(
            [CheckState.Unknown, CheckState.Up, CheckState.Up, CheckState.Degraded, CheckState.Down],
            [atFirst, afterSuccess, withinGrace, atSilence, afterThree]);

        CheckState State()
        {
            _ = lab.Samples;
            return lab.Board.Find(CheckId.Parse("push-backup"), lab.Now)!.State;
        }
    }
}
