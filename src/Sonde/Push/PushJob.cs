using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Push;

/// <summary>
/// A job that calls: how long it ran, and when its silence is a loss. Each end and each silence makes a round of one
/// sample. One caller at a time.
/// </summary>
internal sealed class PushJob(Check check, SeriesHandle series, long nextRound, PushMoment now)
{
    /// <summary>The least time between two starts, and between two ends, that are counted: 100 ms.</summary>
    public static readonly TimeSpan LeastGap = TimeSpan.FromMilliseconds(100);

    private TimeSpan _silentAt = now.Watched + PatienceWith(check);
    private PushMoment? _start;
    private TimeSpan? _endedAt;

    /// <summary>The check; replaced on a reload that changes what does not concern the measurement.</summary>
    public Check Check { get; set; } = check;

    /// <summary>The number of the next round.</summary>
    public long NextRound { get; private set; } = nextRound;

    /// <summary>Takes a call in.</summary>
    /// <returns>False when it came too soon after the one before, and changes nothing.</returns>
    public bool TryTake(in PushCall call, in PushMoment now, List<PushRound> made)
    {
        var before = call.Event == PushEvent.Started ? _start?.Elapsed : _endedAt;
        if (now.Elapsed - before < LeastGap)
        {
            return false;
        }
        TakeSilence(now, made);
        if (call.Event == PushEvent.Started)
        {
            Start(now);
        }
        else
        {
            made.Add(End(call, now));
        }
        return true;
    }

    /// <summary>Makes a lost round for each time at which the job should have called since, and did not.</summary>
    public void TakeSilence(in PushMoment now, List<PushRound> made)
    {
        for (; now.Watched >= _silentAt; _silentAt += Check.Interval)
        {
            var at = now.UtcMilliseconds - (long)(now.Watched - _silentAt).TotalMilliseconds;
            made.Add(Make(at, LossReason.Silent, _start is null ? null : "it started and did not end"));
        }
    }

    private static TimeSpan PatienceWith(Check check) => check.Interval + check.Push!.Grace;

    /// <summary>A start is a sign of life, but only one: a job that always starts and never ends is silent.</summary>
    private void Start(in PushMoment now)
    {
        if (_start is null)
        {
            _silentAt = now.Watched + PatienceWith(Check);
        }
        _start = now;
    }

    private PushRound End(in PushCall call, in PushMoment now)
    {
        var isMeasuredHere = call.Duration is null && _start is not null;
        var duration = call.Duration ?? now.Elapsed - _start?.Elapsed ?? TimeSpan.Zero;
        var made = call.Event == PushEvent.Failed
            ? Make(now.UtcMilliseconds, LossReason.JobFailed, call.Words)
            : Make(now.UtcMilliseconds, LossReason.None, null, (duration.Ticks + 5) / TimeSpan.TicksPerMicrosecond,
                isMeasuredHere && (now.IsLate || _start!.Value.IsLate));
        (_start, _endedAt, _silentAt) = (null, now.Elapsed, now.Watched + PatienceWith(Check));
        return made;
    }

    private PushRound Make(
        long atMilliseconds, LossReason loss, string? words, long microseconds = 0, bool isSuspect = false)
    {
        var sample = new Sample
        {
            Series = series,
            Round = NextRound++,
            Index = 0,
            SentAtMilliseconds = atMilliseconds,
            Value = microseconds,
            Loss = loss,
            IsSuspect = isSuspect,
        };
        return new PushRound(Check.Id, sample, words);
    }
}

/// <summary>A round of a job: how it ended, or that nothing was heard.</summary>
/// <param name="Check">The check.</param>
/// <param name="Sample">Its one sample.</param>
/// <param name="Words">What there is to tell of a loss beyond its reason; null = nothing.</param>
internal readonly record struct PushRound(CheckId Check, Sample Sample, string? Words);
