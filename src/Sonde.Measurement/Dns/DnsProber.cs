using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Dns;

/// <summary>Asks name servers, and times their answers: by the kernel's stamps over UDP.</summary>
/// <remarks>
/// <para>The way of a query over UDP: 1. <see cref="Begin"/> opens a socket of its own, so that its source port is one
/// that nobody can guess (RFC 5452), connects it, so that only the resolver's datagrams and the ICMP errors about it
/// come, and sends. 2. <see cref="Advance"/> takes what has arrived. What does not bear the query's id and question is
/// passed over and counted. 3. An answer that says it is truncated is asked for again over TCP. 4. The answer is held
/// to the target's expectations. 5. The socket stays open a little, to see duplicates and late answers; it is closed in
/// a later <see cref="Advance"/>, or when its place is needed.</para>
/// <para>Over TCP and TLS each query has a connection of its own: its handshake is watched here, the rest goes on in
/// the thread pool (<see cref="DnsStream"/>).</para>
/// <para>The time is from just before send(2) or connect(2) to the answer's arrival; over UDP that is the kernel's
/// receive stamp, so that it does not matter how late this thread looks. The start is the time of the call and not the
/// kernel's transmit stamp: the stamp would cost a second wake-up and a second receive a query, for the few
/// microseconds in which a datagram passes from the call to the device. If the call takes longer than 0.5 ms the sample
/// is suspect.</para>
/// <para>Not thread-safe, as <see cref="IProber"/> says; <see cref="Dispose"/> is the owner's call too. Probes under
/// way then are not told.</para>
/// </remarks>
public sealed partial class DnsProber : IProber
{
    /// <summary>At most this many queries are under way at a time, those that lately ended included.</summary>
    public const int MaximumInFlight = 8192;

    /// <summary>How long duplicates of an answer are heard: as long as a sample waits for them, 250 ms.</summary>
    private const long DuplicatePatience = 250_000_000;

    /// <summary>How long late answers are heard after the timeout: 3 s.</summary>
    private const long LatePatience = 3_000_000_000;

    /// <summary>A call that takes longer says little about when the packet left: 0.5 ms.</summary>
    private const long UnsureCall = 500_000;

    private const ulong EndsToken = ulong.MaxValue;
    private const int LargestDatagram = 4096;   // more than three times what a query says is welcome
    private const int LargestQuery = 512;

    private readonly MeasurementClock _clock;
    private readonly IProbeObserver _observer;
    private readonly DnsProbeTable _probes;
    private readonly int _capacity;
    private readonly DueLines _deadlines = new();
    private readonly DueLines _lingering = new();
    private readonly IdSource _ids = new();
    private readonly byte[] _arrived = new byte[LargestDatagram];
    private readonly CompletionQueue<DnsStreamEnd> _ends;
    private readonly int _epoll;
    private readonly int _stamping;
    private bool _isDisposed;

    /// <summary>A prober that tells <paramref name="observer"/> how its probes ended.</summary>
    /// <remarks>
    /// It has at most <see cref="MaximumInFlight"/> sockets open, and never more than half of the files that the
    /// process may have open.
    /// </remarks>
    /// <exception cref="IOException">The process may not open more files.</exception>
    public DnsProber(MeasurementClock clock, IProbeObserver observer)
        : this(clock, observer, (int)Math.Clamp(LibCSocket.ReadOpenFilesLimit() / 2, 1, MaximumInFlight))
    {
    }

    /// <summary>A prober with at most <paramref name="capacity"/> queries under way.</summary>
    internal DnsProber(MeasurementClock clock, IProbeObserver observer, int capacity)
    {
        (_clock, _observer, _capacity) = (clock, observer, capacity);
        _probes = new DnsProbeTable(capacity);
        _ends = new CompletionQueue<DnsStreamEnd>(capacity);
        _epoll = LibCEvents.OpenEpoll();
        // The kernel stamps arrivals while any socket wants it, and takes a moment to begin: this one always wants it.
        _stamping = LibCDatagram.Open(family: 2);
        if (LibCEvents.WatchReadable(_epoll, _ends.WakeFileDescriptor, EndsToken) is not 0 and var error)
        {
            throw new IOException($"epoll_ctl failed with error {error}");
        }
    }

    /// <summary>
    /// A descriptor that becomes readable when <see cref="Advance"/> has something to do before the time it returned.
    /// For poll(2) only: the prober reads it itself, and closes it.
    /// </summary>
    public int WakeFileDescriptor => _epoll;

    /// <summary>What was met beside answers.</summary>
    public DnsCounters Counters { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The target is not a <see cref="DnsTarget"/>.</exception>
    public void Begin(long ticket, ProbeTarget target)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var dns = target as DnsTarget ?? throw new ArgumentException("A DNS prober needs a DnsTarget.", nameof(target));
        if (FindPlace() is not { } probe)
        {
            _observer.Ended(ticket, dns, ProbeResult.Unmeasured(_clock.UtcNow, NotSentReason.TooManyInFlight));
            return;
        }
        probe.Take(ticket, dns, _ids.Next());
        if (dns.Transport == DnsTransport.Udp)
        {
            Ask(probe, dns);
        }
        else
        {
            Connect(probe, dns);
        }
    }

    /// <inheritdoc/>
    public long Advance()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var now = LibCClock.ReadBootTime();   // before the look: what came in time is taken before its deadline ends it
        TakeEvents();
        while (_deadlines.TakeDue(now) is { } probe)
        {
            Expire(probe);
        }
        while (_lingering.TakeDue(now) is { } probe)
        {
            Release(probe);
        }
        return _deadlines.Earliest;
    }

    /// <summary>
    /// Ends all probes under way as not sent: the wall clock was stepped or the machine slept, and the kernel's stamps,
    /// which are wall-clock times, cannot time them any more. Those over a connection are told by the next calls of
    /// <see cref="Advance"/>.
    /// </summary>
    public void Abandon(NotSentReason reason)
    {
        foreach (var probe in _probes.Made)
        {
            if (probe.State == DnsProbeState.Streaming)
            {
                probe.Abandoned = reason;
                probe.Stream!.Abandon();
            }
            else if (probe.IsOpen)
            {
                End(probe, ProbeResult.Unmeasured(probe.SentAt, reason));
            }
        }
    }

    /// <summary>Closes every socket. Probes under way are not told.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _ends.Dispose();
        foreach (var probe in _probes.Made)
        {
            probe.Stream?.Abandon();
            Close(probe);
        }
        _ = LibCSocket.Close(_stamping);
        _ = LibCSocket.Close(_epoll);
    }

    /// <summary>
    /// Takes what has arrived, one datagram of each socket in each turn. So many turns at most that a flood cannot keep
    /// this thread: what is left wakes it again.
    /// </summary>
    private void TakeEvents()
    {
        Span<ulong> tokens = stackalloc ulong[64];
        for (var turn = 0; turn <= _capacity / tokens.Length; turn++)
        {
            var count = LibCEvents.Poll(_epoll, tokens);
            foreach (var token in tokens[..count])
            {
                if (token == EndsToken)
                {
                    TakeEnds();
                }
                else if (_probes.Find(token) is { } probe)
                {
                    TakeEvent(probe);
                }
            }
            if (count < tokens.Length)
            {
                return;
            }
        }
    }

    private void TakeEvent(DnsProbe probe)
    {
        if (probe.State == DnsProbeState.Connecting)
        {
            FinishConnect(probe);
        }
        else if (probe.State != DnsProbeState.Streaming)
        {
            TakeDatagram(probe);
        }
    }

    /// <summary>A free place; if there is none, that of the ended probe that was to be closed next.</summary>
    private DnsProbe? FindPlace()
    {
        if (_probes.FindFree() is { } free)
        {
            return free;
        }
        if (_lingering.TakeDue(long.MaxValue) is not { } ended)
        {
            return null;
        }
        Release(ended);
        return _probes.FindFree();
    }

    /// <summary>The deadline has passed; what came before it may still lie in the socket.</summary>
    private void Expire(DnsProbe probe)
    {
        switch (probe.State)
        {
            case DnsProbeState.Streaming:
                probe.Stream!.Abandon();   // its end comes through the queue, soon
                break;
            case DnsProbeState.Connecting:
                LoseConnect(probe, ProbeResult.Lost(probe.SentAt, LossReason.Timeout));
                break;
            default:
                TakeLast(probe);
                break;
        }
    }

    /// <summary>Ends a probe, and goes on listening for further answers to it.</summary>
    private void Linger(DnsProbe probe, DnsProbeState state, in ProbeResult result)
    {
        _deadlines.Remove(probe);
        probe.State = state;
        probe.PassedOver = 0;
        var patience = state == DnsProbeState.Answered ? DuplicatePatience : LatePatience;
        _lingering.Add(probe, LibCClock.ReadBootTime(), patience);
        _observer.Ended(probe.Ticket, probe.Target!, result);
    }

    private void End(DnsProbe probe, in ProbeResult result)
    {
        var (ticket, target) = (probe.Ticket, probe.Target!);
        _deadlines.Remove(probe);
        Release(probe);
        _observer.Ended(ticket, target, result);
    }

    private void Release(DnsProbe probe)
    {
        _lingering.Remove(probe);
        Close(probe);
        _probes.Free(probe);
    }

    private static void Close(DnsProbe probe)
    {
        if (probe.Descriptor >= 0)
        {
            _ = LibCSocket.Close(probe.Descriptor);
            probe.Descriptor = DnsProbe.None;
        }
    }
}
