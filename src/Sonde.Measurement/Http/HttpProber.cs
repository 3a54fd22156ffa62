using System.Net;
using System.Net.Sockets;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Http;

/// <summary>Asks a URL as a program without memory does: each probe resolves, connects and asks anew.</summary>
/// <remarks>
/// <para>The way of a probe: 1. <see cref="Begin"/> starts to resolve the name, or to connect if there is none. 2. On
/// the thread pool the connection is made, TLS spoken, the request sent and the answer read, redirects followed each
/// on a connection of its own (<see cref="HttpConversation"/>). 3. The end comes back as a completion that raises
/// <see cref="WakeFileDescriptor"/>. 4. <see cref="Advance"/> tells the observer.</para>
/// <para>The round-trip time is the whole: from the start of the resolving to the end of the last body.
/// <see cref="HttpFindings"/> has its phases, whose sum it is; <see cref="HttpPhase"/> says where they end. What the
/// expectations cost is not in it.</para>
/// <para>No proxy unless one is given, no cookies, no credentials but the given, no connection that is used twice; TLS
/// sessions are not resumed. Nothing is asked of a host that neither the target nor a redirect names.</para>
/// <para>A sample is suspect when this process was late (<see cref="LatenessMarks"/> says what is noticed).</para>
/// <para>Not thread-safe, as <see cref="IProber"/> says; <see cref="Dispose"/> is the owner's call too. Probes under
/// way then are not told.</para>
/// </remarks>
public sealed class HttpProber : IProber
{
    /// <summary>At most this many probes are under way at a time.</summary>
    public const int MaximumInFlight = 1024;

    private readonly MeasurementClock _clock;
    private readonly IProbeObserver _observer;
    private readonly Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly int _capacity;
    private readonly SuspendWatch _suspend = new();
    private readonly Dictionary<HttpTarget, HttpConversation> _underWay = new(ReferenceEqualityComparer.Instance);
    private readonly CompletionQueue<HttpConversation> _completions;
    private bool _isDisposed;

    /// <summary>A prober that tells <paramref name="observer"/> how its probes ended.</summary>
    /// <remarks>
    /// It has at most <see cref="MaximumInFlight"/> probes under way, and never more than a quarter of the files that
    /// the process may have open.
    /// </remarks>
    /// <param name="clock">Ties durations to the time of day.</param>
    /// <param name="observer">Whom it tells.</param>
    /// <param name="resolve">
    /// The addresses of a name in a family, the first one being asked; it throws a <see cref="SocketException"/> with
    /// <see cref="SocketError.HostNotFound"/> for a name that does not exist, any other when the resolver does not
    /// answer. It must not block. Null, the default, for the system's resolver.
    /// </param>
    /// <exception cref="IOException">The process may not open more files.</exception>
    public HttpProber(
        MeasurementClock clock, IProbeObserver observer,
        Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>>? resolve = null)
        : this(clock, observer, (int)Math.Clamp(LibCSocket.ReadOpenFilesLimit() / 4, 1, MaximumInFlight), resolve)
    {
    }

    /// <summary>A prober with at most <paramref name="capacity"/> probes under way.</summary>
    internal HttpProber(
        MeasurementClock clock, IProbeObserver observer, int capacity,
        Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>>? resolve)
    {
        _clock = clock;
        _observer = observer;
        _capacity = capacity;
        _resolve = resolve ?? System.Net.Dns.GetHostAddressesAsync;
        _completions = new CompletionQueue<HttpConversation>(capacity);
    }

    /// <summary>
    /// A descriptor that becomes readable when <see cref="Advance"/> has something to do. For poll(2) only: the prober
    /// reads it itself, and closes it.
    /// </summary>
    public int WakeFileDescriptor => _completions.WakeFileDescriptor;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The target is not an <see cref="HttpTarget"/>.</exception>
    public void Begin(long ticket, ProbeTarget target)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var http = target as HttpTarget
            ?? throw new ArgumentException("An HTTP prober needs an HttpTarget.", nameof(target));
        var now = _clock.UtcNow;
        if (_underWay.ContainsKey(http))
        {
            _observer.Ended(ticket, http, ProbeResult.Unmeasured(now, NotSentReason.Busy));
            return;
        }
        if (_underWay.Count == _capacity)
        {
            _observer.Ended(ticket, http, ProbeResult.Unmeasured(now, NotSentReason.TooManyInFlight));
            return;
        }
        HttpConversation conversation = new(
            ticket, http, DateTimeOffset.UnixEpoch.AddTicks(now / TimeSpan.NanosecondsPerTick), _completions, _resolve)
        {
            AsleepAtStart = _suspend.ReadTotal(),
        };
        _underWay.Add(http, conversation);
        conversation.Start();
    }

    /// <inheritdoc/>
    /// <remarks>Its descriptor tells of all that it has to do: it never asks to be called at a certain time.</remarks>
    public long Advance()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _completions.Acknowledge();
        while (_completions.TryTake(out var conversation))
        {
            _ = _underWay.Remove(conversation.Target);
            Tell(conversation);
            conversation.Dispose();
        }
        return long.MaxValue;
    }

    /// <summary>Ends every probe. Those under way are not told.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _completions.Dispose();
        foreach (var conversation in _underWay.Values)
        {
            conversation.Abandon();
        }
    }

    private void Tell(HttpConversation conversation)
    {
        var result = MakeResult(conversation);
        if (conversation.Outcome is null && result.IsLost)
        {
            _observer.CameLate(conversation.Ticket, conversation.Target);
        }
        _observer.Ended(conversation.Ticket, conversation.Target, result with
        {
            Findings = conversation.Findings,
            IsSuspect = result.IsSuspect || conversation.IsSuspect,
        });
    }

    private ProbeResult MakeResult(HttpConversation conversation)
    {
        var sentAt = _clock.ToUtc(conversation.StartedAt);
        if (_suspend.HasSleptSince(conversation.AsleepAtStart))
        {
            return ProbeResult.Unmeasured(sentAt, NotSentReason.Suspended);
        }
        var timeout = conversation.Target.Timeout;
        return conversation.Outcome switch
        {
            { NotSent: not NotSentReason.None } fault => ProbeResult.Unmeasured(sentAt, fault.NotSent, fault.Detail),
            { } lost => ProbeResult.Lost(sentAt, lost.Loss, lost.Detail),
            // all came, after the time was up: the timer was late, so this process was
            null when conversation.Duration > timeout.Ticks * TimeSpan.NanosecondsPerTick =>
                ProbeResult.Lost(sentAt, LossReason.Timeout) with { IsSuspect = true },
            null => ProbeResult.Answered(sentAt, new RoundTripTime(conversation.Duration)),
        };
    }
}
