using System.Collections.Concurrent;
using Sonde.Measurement;
using Sonde.Measurement.Timing;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>
/// Probes that somebody asks for and waits for, each once. They have a thread and probers of their own, so that they
/// never hold up what is measured by the schedule; the thread starts with the first of them.
/// </summary>
/// <remarks>
/// In each turn the thread 1 looks at the clocks; 2 begins what was asked for; 3 lets the probers send, receive and
/// time out; 4 sleeps until something has arrived or is due.
/// </remarks>
internal sealed class OnDemandProbes : IProbeObserver, IDisposable
{
    /// <summary>So many probes may be under way at a time.</summary>
    public const int MostUnderWay = 1000;

    /// <summary>The longest sleep while probes are under way, so that a stepped clock is seen soon: 1 s.</summary>
    private const long LongestSleep = 1_000_000_000;

    /// <summary>The sleep while none is: 1 h.</summary>
    private const long IdleSleep = 3600 * LongestSleep;

    private readonly MeasurementClock _clock = new();
    private readonly ProbeKinds _kinds;
    private readonly WakeableWait _wait = new();
    private readonly ConcurrentQueue<Asked> _asked = new();
    private readonly Dictionary<long, Asked> _underWay = [];
    private readonly Lock _starting = new();
    private readonly int _mostUnderWay;
    private Thread? _thread;
    private long _lastTicket;
    private int _count;
    private volatile bool _stopping;

    public OnDemandProbes()
        : this(MostUnderWay)
    {
    }

    /// <summary>The same with another bound.</summary>
    internal OnDemandProbes(int mostUnderWay) =>
        (_mostUnderWay, _kinds) = (mostUnderWay, new ProbeKinds(_clock, this));

    /// <summary>Begins a probe. Any thread.</summary>
    /// <param name="kind">How it is probed.</param>
    /// <param name="target">Whom, in the form of that kind; no other probe has the same object.</param>
    /// <returns>Its end; null when <see cref="MostUnderWay"/> are under way. After a stop it is cancelled.</returns>
    public Task<OnDemandResult>? TryBegin(CheckKind kind, ProbeTarget target)
    {
        if (Interlocked.Increment(ref _count) > _mostUnderWay)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }
        var asked = new Asked(kind, target, _clock.Now);
        _asked.Enqueue(asked);
        lock (_starting)
        {
            if (_stopping)
            {
                _ = asked.End.TrySetCanceled();
            }
            else if (_thread is null)
            {
                _thread = new Thread(Run) { Name = "on demand", IsBackground = true };
                _thread.Start();
            }
            else
            {
                _wait.Wake();
            }
        }
        return asked.End.Task;
    }

    /// <inheritdoc/>
    public void Ended(long ticket, ProbeTarget target, in ProbeResult result)
    {
        if (_underWay.Remove(ticket, out var asked))
        {
            Interlocked.Decrement(ref _count);
            var setup = TimeSpan.FromTicks((result.SentAt - _clock.ToUtc(asked.At)) / TimeSpan.NanosecondsPerTick);
            _ = asked.End.TrySetResult(new OnDemandResult(result, setup < TimeSpan.Zero ? TimeSpan.Zero : setup));
        }
    }

    /// <inheritdoc/>
    public void CameAgain(long ticket, ProbeTarget target)
    {
        // its end was told: nobody listens any more
    }

    /// <inheritdoc/>
    public void CameLate(long ticket, ProbeTarget target)
    {
        // its end was told: nobody listens any more
    }

    /// <summary>Ends the thread; probes under way are cancelled.</summary>
    public void Dispose()
    {
        lock (_starting)
        {
            if (_stopping)
            {
                return;
            }
            _stopping = true;
        }
        _wait.Wake();
        _thread?.Join();
        CancelAll();
        _kinds.Dispose();
        _wait.Dispose();
    }

    private void Run()
    {
        Span<int> descriptors = stackalloc int[WakeableWait.MostDescriptors];
        while (!_stopping)
        {
            var check = _clock.Check();
            if (check.IsDisturbed)
            {
                _kinds.Abandon(check.Asleep != 0 ? NotSentReason.Suspended : NotSentReason.ClockStepped);
            }
            while (_asked.TryDequeue(out var asked))
            {
                Begin(asked);
            }
            var next = _kinds.Advance();
            var now = _clock.Now;
            var until = Math.Min(next, now + (_underWay.Count > 0 ? LongestSleep : IdleSleep));
            var count = CollectDescriptors(descriptors);
            _wait.WaitUntil(until, now, descriptors[..count]);
        }
    }

    /// <summary>Whoever asks wants to know at once, so what arrives by ICMP wakes the thread, too.</summary>
    private int CollectDescriptors(Span<int> descriptors)
    {
        var others = _kinds.WakeFileDescriptors;
        others.CopyTo(descriptors);
        _kinds.Icmp.FileDescriptors.CopyTo(descriptors[others.Length..]);
        return others.Length + _kinds.Icmp.FileDescriptors.Length;
    }

    private void Begin(Asked asked)
    {
        var ticket = ++_lastTicket;
        _underWay.Add(ticket, asked);
        try
        {
            _kinds.Of(asked.Kind).Begin(ticket, asked.Target);
        }
        catch (IOException error)   // no descriptors are left to make the prober with
        {
            Ended(ticket, asked.Target, ProbeResult.Unmeasured(_clock.UtcNow, NotSentReason.Failed, error.Message));
        }
    }

    private void CancelAll()
    {
        while (_asked.TryDequeue(out var asked))
        {
            _ = asked.End.TrySetCanceled();
        }
        foreach (var asked in _underWay.Values)
        {
            _ = asked.End.TrySetCanceled();
        }
    }

    private sealed record Asked(CheckKind Kind, ProbeTarget Target, long At)
    {
        public TaskCompletionSource<OnDemandResult> End { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>How a probe that somebody asked for has ended.</summary>
/// <param name="Result">What it told.</param>
/// <param name="Setup">From being asked for to its leaving.</param>
internal readonly record struct OnDemandResult(ProbeResult Result, TimeSpan Setup);
