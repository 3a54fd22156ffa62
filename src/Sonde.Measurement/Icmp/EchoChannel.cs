using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// All probing over one socket. 1 a request is written into the batch; 2 the batch is handed to the kernel; 3 transmit
/// stamps tell when each left; 4 replies and errors are matched to their probes; 5 what has no answer by its deadline
/// is lost.
/// </summary>
internal sealed partial class EchoChannel : IDisposable
{
    /// <summary>A call that hands packets over and takes longer than this leaves their start unsure: 500 µs.</summary>
    private const long LongCall = 500_000;

    /// <summary>
    /// While a few probes are under way, what has arrived is taken in at least this often: 50 ms. Nothing depends on it
    /// but the wait, for the kernel stamps what arrives.
    /// </summary>
    private const long DrainInterval = 50_000_000;

    /// <summary>
    /// With more probes under way than <see cref="FewProbes"/>: 10 ms, so that no usual buffer fills up.
    /// </summary>
    private const long BusyDrainInterval = 10_000_000;

    private const int FewProbes = 64;

    private readonly IcmpSocket _socket;
    private readonly MeasurementClock _clock;
    private readonly IProbeObserver _observer;
    private readonly IcmpCounters _counters;
    private readonly bool _stampTransmit;
    private readonly int _nameCount;
    private readonly FlightTable _flights;
    private readonly DeadlineQueues _deadlines = new();
    private readonly TokenSource _tokens = new();
    private readonly SendBatch _sending = new();
    private readonly ReceiveBatch _receiving = new(packetLength: 2048);
    private readonly ReceiveBatch _errors = new(packetLength: 576);
    private readonly TransmitNumbers _transmitted = new();
    private int _open;
    private uint _dropped;
    private long _droppedAt = long.MinValue;

    public EchoChannel(
        IcmpSocket socket, MeasurementClock clock, IProbeObserver observer, IcmpCounters counters, bool stampTransmit)
    {
        (_socket, _clock, _observer, _counters, _stampTransmit) = (socket, clock, observer, counters, stampTransmit);
        _nameCount = 0x10000 * (socket.Mode == IcmpSocketMode.Raw ? IcmpSocket.RawIdentifiers : 1);
        _flights = new FlightTable(_nameCount);
    }

    /// <summary>1: writes a request into the batch.</summary>
    public void Begin(long ticket, IcmpTarget target)
    {
        if (_sending.IsFull)
        {
            Flush();
        }
        var now = _clock.Now;
        if (!_flights.TryReserve(now, out var number))
        {
            _observer.Ended(ticket, target, ProbeResult.Unmeasured(_clock.ToUtc(now), NotSentReason.TooManyInFlight));
            return;
        }
        ref var flight = ref _flights[number];
        flight = new Flight
        {
            Ticket = ticket,
            Target = target,
            Token = _tokens.Next(),
            SentAt = now,
            Number = number,
            State = FlightState.Waiting,
        };
        if (target.Size > 1900)
        {
            _receiving.MakeRoom(68 + target.Size);
        }
        _sending.Add(number, NameOf(number), flight);
    }

    /// <summary>2 to 5 of the class's summary.</summary>
    /// <returns>When to call again at the latest.</returns>
    public long Advance()
    {
        Flush();
        var now = _clock.Now;
        Receive();
        if (_open == 0)
        {
            _deadlines.Clear(); // of probes that have ended: hosts that answer at once would leave them here for ever
            return long.MaxValue;
        }
        EndOverdue(now);
        return _open == 0
            ? long.MaxValue
            : Math.Min(_deadlines.Next(_flights), _clock.Now + (_open > FewProbes ? BusyDrainInterval : DrainInterval));
    }

    /// <summary>Ends all probes under way as not sent.</summary>
    public void Abandon(NotSentReason reason)
    {
        _sending.Clear();
        _deadlines.Clear();
        foreach (ref var flight in _flights.All)
        {
            if (flight.State is FlightState.Open or FlightState.Waiting)
            {
                _open -= flight.State == FlightState.Open ? 1 : 0;
                End(ref flight, FlightState.Void, ProbeResult.Unmeasured(_clock.ToUtc(flight.SentAt), reason));
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
        _receiving.Dispose();
        _errors.Dispose();
    }

    private void End(ref Flight flight, FlightState state, in ProbeResult result)
    {
        flight.State = state;
        _observer.Ended(flight.Ticket, flight.Target, result);
    }

    /// <summary>A ping socket's identifier is the kernel's; a raw socket has a row of them.</summary>
    private EchoName NameOf(uint number) =>
        new((ushort)(_socket.Identifier + ((number >> 16) & (IcmpSocket.RawIdentifiers - 1))), (ushort)number);

    private bool TryFind(EchoName name, out uint number)
    {
        number = _socket.Mode == IcmpSocketMode.Raw
            ? ((uint)(name.Identifier - _socket.Identifier) << 16) | name.Sequence
            : name.Sequence;
        return number < _nameCount && _flights.Holds(number);
    }

    private static bool IsFrom(IcmpTarget target, ReadOnlySpan<byte> address) =>
        target.SocketAddress.AsSpan(target.IsV6 ? 8 : 4, target.IsV6 ? 16 : 4).SequenceEqual(address);
}
