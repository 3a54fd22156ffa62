using System.Collections.Concurrent;
using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Measurement.Timing;
using Sonde.Samples;

namespace Sonde.Probing;

/// <summary>
/// The measuring thread. In each turn: 1 look at the clocks; 2 begin the probes that are due; 3 let the probers send,
/// receive and time out; 4 make samples of what has ended; 5 hand them to the pipeline; 6 sleep until something is due.
/// </summary>
internal sealed partial class ProbeLoop : IProbeObserver, IDisposable
{
    /// <summary>Lateness from which it is said that the process did not run: 1 s.</summary>
    private const long StoppedThreshold = 1_000_000_000;

    /// <summary>The longest sleep, so that a stepped clock or a suspended machine is seen soon: 1 s.</summary>
    private const long LongestSleep = 1_000_000_000;

    /// <summary>
    /// How much later than due the held-back samples may be made, so that they seldom wake the thread: 50 ms.
    /// </summary>
    private const long LingerSlack = 50_000_000;

    private readonly MeasurementClock _clock;
    private readonly ProbeKinds _kinds;
    private readonly SamplePipeline _pipeline;
    private readonly Action<Mark> _addMark;
    private readonly RoundSchedule _schedule;
    private readonly FindingSeries _findings;
    private readonly PendingSamples _pending = new();
    private readonly LatenessWatch _lateness = new();
    private readonly WakeableWait _wait = new();
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly List<Sample> _samples = new(1024);
    private readonly List<Round> _rounds = new(1024);
    private volatile bool _stopping;

    public ProbeLoop(
        MeasurementClock clock, Func<IProbeObserver, ProbeKinds> makeKinds, RoundSchedule schedule,
        SeriesCatalog catalog, SamplePipeline pipeline, Action<Mark> addMark)
    {
        (_clock, _schedule, _pipeline, _addMark) = (clock, schedule, pipeline, addMark);
        _findings = new FindingSeries(catalog);
        _kinds = makeKinds(this);
        Counters.Icmp = _kinds.Icmp.Counters;
    }

    /// <summary>What it did since the start.</summary>
    public ProbeCounters Counters { get; } = new();

    /// <summary>Why ICMP cannot be sent at all, in words; null when it can.</summary>
    public string? IcmpProblem => _kinds.Icmp.Problem;

    /// <summary>
    /// Told on the loop's thread when a probe could not be sent or a name could not be resolved; null text = it works
    /// again.
    /// </summary>
    public Action<CheckRun, string?>? ProblemChanged { get; set; }

    /// <summary>
    /// Told on the loop's thread of each probe that was lost, or found more than its round-trip time.
    /// </summary>
    public Action<CheckRun, ProbeResult>? Told { get; set; }

    /// <summary>Told on the loop's thread when a round has ended.</summary>
    public Action<CheckRun, Round>? RoundEnded { get; set; }

    /// <summary>Probes whose sample is not made yet. The loop's thread.</summary>
    public int UnderWay => _pending.Count;

    /// <summary>
    /// Ends the round under way of a check that was taken away with the probes that were begun; each of them is still
    /// awaited. The loop's thread.
    /// </summary>
    public void CutOff(CheckRun run)
    {
        if (run.CutOff() is { } round)
        {
            Close(run, round, problem: null);
        }
    }

    /// <summary>Has an action done on the loop's thread, at the next turn. Any thread.</summary>
    public void Post(Action command)
    {
        _commands.Enqueue(command);
        _wait.Wake();
    }

    /// <summary>Ends <see cref="Run"/> after its present turn. Any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _wait.Wake();
    }

    /// <summary>Measures until <see cref="Stop"/>.</summary>
    public void Run()
    {
        var planned = long.MaxValue;
        while (!_stopping)
        {
            var now = _clock.Now;
            LookAtClocks(planned, now);
            DoCommands();
            BeginDue(now);
            var next = _kinds.Advance();
            MakeHeldBack(_clock.Now);
            Publish();
            var lingering = _pending.NextDue == long.MaxValue ? long.MaxValue : _pending.NextDue + LingerSlack;
            now = _clock.Now;
            var due = _schedule.NextDue == long.MaxValue ? long.MaxValue : _schedule.NextDue + _schedule.Slack;
            planned = Math.Min(Math.Min(next, due), Math.Min(lingering, now + LongestSleep));
            _wait.WaitUntil(planned, now, _kinds.WakeFileDescriptors);
        }
        MakeHeldBack(long.MaxValue);
        Publish();
    }

    /// <inheritdoc/>
    public void Ended(long ticket, ProbeTarget target, in ProbeResult result) => Ended(ticket, result);

    /// <inheritdoc/>
    public void CameAgain(long ticket, ProbeTarget target)
    {
        if (_pending.Holds(ticket))
        {
            ref var pending = ref _pending[ticket];
            pending.Duplicates = (ushort)Math.Min(pending.Duplicates + 1, ushort.MaxValue);
        }
    }

    /// <inheritdoc/>
    public void CameLate(long ticket, ProbeTarget target)
    {
        Counters.Late++;
        if (target.Owner is CheckRun run)
        {
            run.LateAnswers++;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kinds.Dispose();
        _wait.Dispose();
    }

    /// <summary>
    /// 1: a step of the wall clock or a sleep of the machine ends the probes under way that it spoils as not measured,
    /// with a mark.
    /// </summary>
    private void LookAtClocks(long planned, long now)
    {
        var check = _clock.Check();
        if (check.IsDisturbed)
        {
            _kinds.Abandon(check.Asleep != 0 ? NotSentReason.Suspended : NotSentReason.ClockStepped);
            _addMark(ClockMarks.For(check, _clock.UtcNow / 1_000_000));
        }
        var late = check.Asleep != 0 ? 0 : _lateness.Woke(planned, now);
        Counters.LateWakes = _lateness.Count;
        if (late > StoppedThreshold)
        {
            _addMark(ClockMarks.ForStop(late, _clock.UtcNow / 1_000_000));
        }
    }

    private void DoCommands()
    {
        while (_commands.TryDequeue(out var command))
        {
            command();
        }
    }

    /// <summary>2: begins every probe that is due.</summary>
    private void BeginDue(long now)
    {
        while (_schedule.TakeDue(now) is { } run)
        {
            Counters.MissedRounds += run.SkipOverdueRounds(now) + run.SkipRoundTooLate(now);
            if (run.NextProbeAt <= now)
            {
                Counters.SlipNanoseconds += now - run.NextProbeAt;
                Counters.LargestSlipNanoseconds = Math.Max(Counters.LargestSlipNanoseconds, now - run.NextProbeAt);
                Begin(run, now);
                run.MoveOn();
            }
            _schedule.Add(run);
        }
    }

    private void Begin(CheckRun run, long now)
    {
        if (run.NextIndex == 0)
        {
            run.Open(_clock.ToUtc(now) / 1_000_000);
        }
        var ticket = _pending.Add(run, run.RoundNumber, run.NextIndex);
        Counters.Probes++;
        if (run.IsProbeOverdue(now))
        {
            Ended(ticket, ProbeResult.Unmeasured(
                _clock.ToUtc(now), NotSentReason.Failed, "the program did not run when it was due"));
        }
        else if (run.RoundTarget is { } target)
        {
            _kinds.Of(run.Check.Kind).Begin(ticket, target);
        }
        else
        {
            Ended(ticket, run.NameProblem is { } said
                ? ProbeResult.Lost(_clock.ToUtc(now), LossReason.NameNotFound, said)
                : ProbeResult.Unmeasured(_clock.ToUtc(now), NotSentReason.NoAddress, run.AddressProblem));
        }
    }
}
