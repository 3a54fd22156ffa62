using Sonde.Measurement;
using Sonde.Measurement.Timing;
using Sonde.Probing;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>How <c>sonde ping</c> probes.</summary>
/// <param name="Count">Probes per target; 0 = until cancelled.</param>
/// <param name="Interval">Between two probes to the same target; zero = as fast as the socket allows.</param>
internal sealed record PingPlan(int Count, TimeSpan Interval);

/// <summary>
/// Probes the targets of <c>sonde ping</c> on the calling thread, at an interval or as fast as the socket allows.
/// </summary>
internal sealed class PingSession : IProbeObserver, IDisposable
{
    /// <summary>
    /// Probes under way at most in the fast mode: what the socket's buffer holds of answers that come all at once.
    /// </summary>
    private const int MaxUnderWay = 4_096;

    /// <summary>In the fast mode answers are taken in after this many probes.</summary>
    private const int BatchSize = 32;

    /// <summary>How often a display is refreshed: 200 ms.</summary>
    private const long RefreshInterval = 200_000_000;

    private readonly MeasurementClock _clock = new();
    private readonly LatenessWatch _lateness = new();
    private readonly WakeableWait _wait = new();
    private readonly IReadOnlyList<PingTarget> _targets;
    private readonly PingPlan _plan;
    private readonly ProbeKinds _kinds;
    private long _underWay;
    private long _refreshAt;

    public PingSession(IReadOnlyList<PingTarget> targets, PingPlan plan)
    {
        (_targets, _plan) = (targets, plan);
        _kinds = new ProbeKinds(_clock, this);
    }

    /// <summary>Why ICMP cannot be sent at all, in words; null when it can.</summary>
    public string? Problem => _kinds.Icmp.Problem;

    /// <summary>Called a few times a second while measuring; null = nobody looks.</summary>
    public Action? Refresh { get; set; }

    /// <summary>Measures until every probe has ended, or soon after the token is cancelled.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        using var waking = cancellationToken.Register(_wait.Wake);
        if (_targets.All(target => target.Probe is null))
        {
            LoseAll(cancellationToken);
            return;
        }
        if (_plan.Interval == TimeSpan.Zero)
        {
            RunFast(cancellationToken);
        }
        else
        {
            RunSpread(cancellationToken);
        }
        Finish(cancellationToken);
    }

    /// <inheritdoc/>
    public void Ended(long ticket, ProbeTarget target, in ProbeResult result)
    {
        var sentAt = _clock.FromKernelStamp(result.SentAt);
        var wasLate = result.IsAnswered && _lateness.WasLateAt(sentAt + result.Rtt.Nanoseconds);
        _targets[(int)(ticket >> 32)].Take((int)ticket, result, result.IsSuspect || wasLate);
        _underWay--;
    }

    /// <inheritdoc/>
    public void CameAgain(long ticket, ProbeTarget target) => _targets[(int)(ticket >> 32)].Duplicates++;

    /// <inheritdoc/>
    public void CameLate(long ticket, ProbeTarget target)
    {
        // counted as lost already; a late answer changes nothing
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kinds.Dispose();
        _wait.Dispose();
    }

    /// <summary>Where nothing can be sent there is nothing to wait for: what is lost is lost at once.</summary>
    private void LoseAll(CancellationToken cancellationToken)
    {
        for (var round = 0; round < Math.Max(_plan.Count, 1) && !cancellationToken.IsCancellationRequested; round++)
        {
            for (var place = 0; place < _targets.Count; place++)
            {
                Begin(place);
            }
        }
    }

    /// <summary>
    /// Round after round over all targets without a pause; but for ICMP, a target waits for its own previous probe.
    /// </summary>
    private void RunFast(CancellationToken cancellationToken)
    {
        var begun = 0;
        var isOver = () => cancellationToken.IsCancellationRequested;
        for (var round = 0; (_plan.Count == 0 || round < _plan.Count) && !isOver(); round++)
        {
            for (var i = 0; i < _targets.Count; i++)
            {
                while (_targets[i].Kind != CheckKind.Icmp && _targets[i].Begun > _targets[i].Ended && !isOver())
                {
                    Wait(Advance());
                }
                Begin(i);
                if (++begun % BatchSize == 0)
                {
                    Advance();
                    WaitForRoom(cancellationToken);
                }
            }
            RefreshIfDue();
        }
    }

    private void WaitForRoom(CancellationToken cancellationToken)
    {
        while (_underWay > MaxUnderWay && !cancellationToken.IsCancellationRequested)
        {
            Wait(Math.Min(Advance(), _clock.Now + 1_000_000));
        }
    }

    /// <summary>Each target at its own place in the interval, at a fixed rate.</summary>
    private void RunSpread(CancellationToken cancellationToken)
    {
        var schedule = new PingSchedule(_clock.Now, _plan, _targets.Count);
        var planned = long.MaxValue;
        while (!schedule.IsOver && !cancellationToken.IsCancellationRequested)
        {
            var now = _clock.Now;
            _lateness.Woke(planned, now);
            schedule.SkipOverdue(now);
            while (schedule.TryTakeDue(now, out var place))
            {
                Begin(place);
            }
            planned = Math.Min(Advance(), schedule.NextDue);
            RefreshIfDue();
            Wait(planned);
        }
    }

    private void Finish(CancellationToken cancellationToken)
    {
        var planned = Advance();
        while (_underWay > 0 && !cancellationToken.IsCancellationRequested)
        {
            RefreshIfDue();
            Wait(planned);
            _lateness.Woke(planned, _clock.Now);
            planned = Advance();
        }
        Refresh?.Invoke();
    }

    private void Begin(int place)
    {
        var target = _targets[place];
        if (target.Probe is { } probe)
        {
            _underWay++;
            var ticket = ((long)place << 32) | (uint)target.Begun++;
            _kinds.Of(target.Kind).Begin(ticket, probe);
        }
        else if (target.IsNameUnknown)
        {
            var lost = ProbeResult.Lost(_clock.UtcNow, LossReason.NameNotFound, target.Problem);
            target.Take(target.Begun++, lost, isSuspect: false);
        }
    }

    private long Advance()
    {
        var check = _clock.Check();
        if (check.IsDisturbed)
        {
            _kinds.Abandon(check.Asleep != 0 ? NotSentReason.Suspended : NotSentReason.ClockStepped);
        }
        return _kinds.Advance();
    }

    private void Wait(long until)
    {
        var now = _clock.Now;
        _wait.WaitUntil(Math.Min(until, now + RefreshInterval), now, _kinds.WakeFileDescriptors);
    }

    private void RefreshIfDue()
    {
        if (Refresh is not null && _clock.Now >= _refreshAt)
        {
            _refreshAt = _clock.Now + RefreshInterval;
            Refresh();
        }
    }
}
