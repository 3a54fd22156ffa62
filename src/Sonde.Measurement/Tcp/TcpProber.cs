using System.Runtime.InteropServices;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Tcp;

/// <summary>
/// Measures the TCP handshake, and, if the target asks for it, that TLS and a dialogue pass on the connection.
/// </summary>
/// <remarks>
/// <para>The way of a probe: 1. <see cref="Begin"/> opens a socket, stamps, and calls connect(2) without blocking. 2.
/// One look at the socket right after: on loopback it is connected already. 3. Else a thread of the prober's own
/// stamps the moment it becomes writable. 4. The time is held against the kernel's (<see cref="HandshakeTiming"/> says
/// what is reported, and when it is suspect). 5. A plain probe is closed; TLS and dialogue go on in the thread pool
/// (<see cref="Conversation"/>), and the round-trip time stays the handshake's.</para>
/// <para>A plain probe is answered when the handshake is: what the server does with the connection then is not its
/// business. It is closed with a reset (SO_LINGER 0): an orderly close would leave the port in TIME_WAIT for a minute,
/// so that 1,000 connects a second exhaust the 28,000 local ports, and a router's connection tracking would keep as
/// many entries. A server sees a connection that was reset before a byte came: most log nothing, some a line such as
/// "connection reset by peer". Where that disturbs, give the target a dialogue: it ends with an orderly close.</para>
/// <para>An answer after the timeout is met by the kernel, not by us, so <see cref="IProbeObserver.CameLate"/> is told
/// only when the answer was late and seen nevertheless.</para>
/// <para>Not thread-safe, as <see cref="IProber"/> says; <see cref="Dispose"/> is the owner's call too. Probes under
/// way then are not told.</para>
/// </remarks>
public sealed class TcpProber : IProber
{
    /// <summary>At most this many connects are under way at a time.</summary>
    public const int MaximumInFlight = 4096;

    private readonly MeasurementClock _clock;
    private readonly IProbeObserver _observer;
    private readonly SuspendWatch _suspend = new();
    private readonly TcpProbeTable _probes;
    private readonly DeadlineHeap _deadlines;
    private readonly CompletionQueue<Completion> _completions;
    private readonly ConnectWatch _watch;
    private bool _isDisposed;

    /// <summary>A prober that tells <paramref name="observer"/> how its probes ended.</summary>
    /// <remarks>
    /// It has at most <see cref="MaximumInFlight"/> connects under way, and never more than half of the files that the
    /// process may have open.
    /// </remarks>
    /// <exception cref="IOException">The process may not open more files.</exception>
    public TcpProber(MeasurementClock clock, IProbeObserver observer)
        : this(clock, observer, (int)Math.Clamp(LibCSocket.ReadOpenFilesLimit() / 2, 1, MaximumInFlight))
    {
    }

    /// <summary>A prober with at most <paramref name="capacity"/> connects under way.</summary>
    internal TcpProber(MeasurementClock clock, IProbeObserver observer, int capacity)
    {
        _clock = clock;
        _observer = observer;
        _probes = new TcpProbeTable(capacity);
        _deadlines = new DeadlineHeap(capacity);
        _completions = new CompletionQueue<Completion>(capacity * Completion.MostPerProbe);
        _watch = new ConnectWatch(_completions);
    }

    /// <summary>
    /// A descriptor that becomes readable when <see cref="Advance"/> has something to do before the time it returned.
    /// For poll(2) only: the prober reads it itself, and closes it.
    /// </summary>
    public int WakeFileDescriptor => _completions.WakeFileDescriptor;

    /// <summary>
    /// The kernel's own time of the handshake (<c>tcpi_rtt</c>, whole microseconds) of the probe whose end is being
    /// told; null when there was no handshake, or outside <see cref="IProbeObserver.Ended"/>. The reported time minus
    /// this is the prober's error.
    /// </summary>
    public RoundTripTime? KernelRtt { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The target is not a <see cref="TcpTarget"/>.</exception>
    public void Begin(long ticket, ProbeTarget target)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var tcp = target as TcpTarget ?? throw new ArgumentException("A TCP prober needs a TcpTarget.", nameof(target));
        if (_probes.IsBusy(tcp))
        {
            _observer.Ended(ticket, tcp, ProbeResult.Unmeasured(_clock.UtcNow, NotSentReason.Busy));
            return;
        }
        if (_probes.FindFree(ticket, tcp) is not { } probe)
        {
            _observer.Ended(ticket, tcp, ProbeResult.Unmeasured(_clock.UtcNow, NotSentReason.TooManyInFlight));
            return;
        }
        Connect(probe, tcp);
    }

    /// <inheritdoc/>
    public long Advance()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var now = LibCClock.ReadBootTime();
        _completions.Acknowledge();
        while (_completions.TryTake(out var completion))
        {
            if (_probes.Find(completion.Token) is { } probe)
            {
                Complete(probe, completion);
            }
        }
        while (_deadlines.FindDue(now) is { } probe)
        {
            Expire(probe);
        }
        return _deadlines.Earliest;
    }

    /// <summary>Closes every connection and ends the thread. Probes under way are not told.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _watch.Dispose();
        _completions.Dispose();
        foreach (var probe in _probes.InUse())
        {
            probe.Conversation?.Abandon();
            CloseWithReset(probe);
        }
    }

    private void Connect(TcpProbe probe, TcpTarget target)
    {
        probe.Descriptor = LibCSocket.OpenTcp(target.SystemFamily);
        if (probe.Descriptor < 0)
        {
            End(probe, ConnectFailure.BeforeSending(_clock.UtcNow, Marshal.GetLastPInvokeError()));
            return;
        }
        probe.AsleepAtStart = _suspend.ReadTotal();
        probe.StartedAt = LibCClock.ReadBootTime();
        var error = LibCSocket.Connect(probe.Descriptor, target.SocketAddress);
        var hasAccount = LibCSocket.TryReadAccount(probe.Descriptor, out var account);
        var seenAt = LibCClock.ReadBootTime();

        probe.SentAt = _clock.ToUtc(probe.StartedAt);
        probe.Deadline = probe.StartedAt + target.TimeoutNanoseconds;
        if (error is not (0 or ErrorNumber.InProgress or ErrorNumber.Interrupted))
        {
            End(probe, ConnectFailure.BeforeSending(probe.SentAt, error));
        }
        else if (error == 0 || (hasAccount && account.State != KernelAccount.SynSent))
        {
            FinishHandshake(probe, seenAt, hasAccount ? account : null);
        }
        else if (_watch.Watch(probe.Descriptor, probe.Token) is not 0 and var watchError)
        {
            End(probe, ConnectFailure.BeforeSending(probe.SentAt, watchError));
        }
        else
        {
            _deadlines.Add(probe);
        }
    }

    private void Complete(TcpProbe probe, in Completion completion)
    {
        if (completion.Outcome is { } outcome)
        {
            FinishConversation(probe, outcome, completion.At);
            return;
        }
        var hasAccount = LibCSocket.TryReadAccount(probe.Descriptor, out var account);
        FinishHandshake(probe, completion.At, hasAccount ? account : null);
    }

    /// <summary>
    /// The deadline has passed. The handshake may be complete nevertheless, and we too late to see it.
    /// </summary>
    private void Expire(TcpProbe probe)
    {
        if (probe.Conversation is { } conversation)
        {
            conversation.Abandon();   // its end comes as a completion, soon
            return;
        }
        if (LibCSocket.TryReadAccount(probe.Descriptor, out var account) && account.State != KernelAccount.SynSent)
        {
            FinishHandshake(probe, LibCClock.ReadBootTime(), account);
            return;
        }
        End(probe, ProbeResult.Lost(probe.SentAt, LossReason.Timeout));
    }

    private void FinishHandshake(TcpProbe probe, long seenAt, KernelAccount? account)
    {
        if (_suspend.HasSleptSince(probe.AsleepAtStart))
        {
            End(probe, ProbeResult.Unmeasured(probe.SentAt, NotSentReason.Suspended));
            return;
        }
        var target = probe.Target!;
        var error = account is { State: not KernelAccount.Closed } ? 0 : LibCSocket.TakeError(probe.Descriptor);
        // A reset after the handshake; a refused SYN is ECONNREFUSED.
        var wasReset = error is ErrorNumber.ConnectionReset or ErrorNumber.BrokenPipe;
        if (error != 0 && !(wasReset && !target.HasConversation))
        {
            End(probe, ConnectFailure.AfterSending(probe.SentAt, error));
            return;
        }
        var accountAge = LibCClock.ReadBootTime() - seenAt;
        var result = HandshakeTiming.Judge(
            probe.SentAt, seenAt - probe.StartedAt, target.TimeoutNanoseconds, account, accountAge);
        probe.KernelRtt = account?.RttMicroseconds * 1000L;
        if (target.HasConversation && result.IsAnswered)
        {
            if (seenAt < probe.Deadline)
            {
                Converse(probe, target, result);
                return;
            }
            // We were so late that no time is left for the rest.
            result = ProbeResult.Lost(probe.SentAt, LossReason.Timeout) with { IsSuspect = true };
        }
        if (result.IsLost)
        {
            _observer.CameLate(probe.Ticket, target);
        }
        End(probe, result);
    }

    private void Converse(TcpProbe probe, TcpTarget target, in ProbeResult handshake)
    {
        probe.Handshake = handshake;
        if (probe.HeapIndex < 0)
        {
            _deadlines.Add(probe);
        }
        probe.Conversation = new Conversation(probe.Descriptor, target, probe.SentAt, probe.Token, _completions);
        probe.Descriptor = TcpProbe.None;
        probe.Conversation.Start();
    }

    private void FinishConversation(TcpProbe probe, ConversationOutcome outcome, long at)
    {
        ProbeResult result;
        if (_suspend.HasSleptSince(probe.AsleepAtStart))
        {
            result = ProbeResult.Unmeasured(probe.SentAt, NotSentReason.Suspended);
        }
        else if (at > probe.Deadline && !outcome.HasRunOutOfTime)
        {
            // When the deadline is still in the heap, nobody called Advance in time: this process was late.
            var wasLate = probe.HeapIndex >= 0;
            result = ProbeResult.Lost(probe.SentAt, LossReason.Timeout, outcome.Detail) with { IsSuspect = wasLate };
            _observer.CameLate(probe.Ticket, probe.Target!);
        }
        else
        {
            result = outcome.ToResult(probe.Handshake);
        }
        End(probe, result);
    }

    private void End(TcpProbe probe, in ProbeResult result)
    {
        var (ticket, target) = (probe.Ticket, probe.Target!);
        KernelRtt = probe.KernelRtt is { } kernel ? new RoundTripTime(kernel) : null;
        CloseWithReset(probe);
        _deadlines.Remove(probe);
        _probes.Free(probe);
        _observer.Ended(ticket, target, result);
        KernelRtt = null;
    }

    private static void CloseWithReset(TcpProbe probe)
    {
        if (probe.Descriptor >= 0)
        {
            LibCSocket.CloseWithReset(probe.Descriptor);
            probe.Descriptor = TcpProbe.None;
        }
    }
}
