namespace Sonde.Cli;

/// <summary>
/// When <c>sonde ping</c> sends: the targets in turn, each at its own place in the interval, at a fixed rate.
/// </summary>
/// <param name="start">When the first probe is due, boot-time nanoseconds.</param>
/// <param name="plan">The probes per target, and their interval.</param>
/// <param name="targets">How many targets there are.</param>
internal sealed class PingSchedule(long start, PingPlan plan, int targets)
{
    private readonly long _interval = plan.Interval.Ticks * TimeSpan.NanosecondsPerTick;
    private readonly long _last = plan.Count == 0 ? long.MaxValue : (long)plan.Count * targets;
    private long _start = start;
    private long _next;

    /// <summary>True when every probe was taken.</summary>
    public bool IsOver => _next >= _last;

    /// <summary>When the next probe is due; <see cref="long.MaxValue"/> = never.</summary>
    public long NextDue => IsOver ? long.MaxValue : _start + (long)((Int128)_next * _interval / targets);

    /// <summary>
    /// Goes on from now when the next probe is late by more than half an interval, because this program did not run:
    /// what was missed is not sent at once. The number of probes stays.
    /// </summary>
    public void SkipOverdue(long now)
    {
        if (!IsOver && now - NextDue > _interval / 2)
        {
            _start += now - NextDue;
        }
    }

    /// <summary>Takes the next probe that is due.</summary>
    /// <param name="now">Boot-time nanoseconds.</param>
    /// <param name="place">The place of its target, from 0.</param>
    /// <returns>False when none is due yet.</returns>
    public bool TryTakeDue(long now, out int place)
    {
        place = (int)(_next % targets);
        if (NextDue > now)
        {
            return false;
        }
        _next++;
        return true;
    }
}
