using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// All probing over one socket. 1 a request is written into the batch; 2 the batch is handed to the kernel; 3 transmit
/// stamps tell when each left; 4 replies and errors are matched to their probes; 5 what has no answer by its deadline
/// is lost.
/// </summary>
internal sealed class EchoChannel : IDisposable
{
    /// <summary>A call that hands packets over and takes longer than this leaves their start unsure: 500 µs.</summary>
    private const long LongCall = 500_000;

    /// <summary>
    /// While probes are under way, what has arrived is taken in at least this often: 20 ms, far below any buffer's
    /// filling.
    /// </summary>
    private const long DrainInterval = 20_000_000;

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
        Receive();
        if (_open == 0)
        {
            _deadlines.Clear(); // of probes that have ended: hosts that answer at once would leave them here for ever
            return long.MaxValue;
        }
        EndOverdue();
        return _open == 0 ? long.MaxValue : Math.Min(_deadlines.Next(_flights), _clock.Now + DrainInterval);
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

    /// <summary>2: hands the batch to the kernel. A packet that it refuses is not sent, and the rest goes on.</summary>
    private void Flush()
    {
        var retried = -1;
        for (var first = 0; first < _sending.Count;)
        {
            var before = _clock.Now;
            var count = _sending.Send(_socket.Descriptor, first, _stampTransmit ? SendBatch.Capacity : 1, out var error);
            if (count > 0)
            {
                Depart(_sending.Numbers.Slice(first, count), before, _clock.Now);
                first += count;
            }
            else if (error == ErrorNumber.Interrupted || (_socket.Mode == IcmpSocketMode.Ping && retried != first))
            {
                // a ping socket reports an earlier packet's error on the next call; taken from the queue, it is gone
                retried = first;
                ReceiveErrors();
            }
            else
            {
                Refuse(_sending.Numbers[first++], before, error);
            }
        }
        _sending.Clear();
        if (_stampTransmit && _transmitted.HasUnstamped)
        {
            ReceiveErrors();
        }
    }

    /// <summary>
    /// Notes when packets left: evenly between the start and the end of the call, until the kernel's stamp says it
    /// exactly.
    /// </summary>
    private void Depart(ReadOnlySpan<uint> numbers, long before, long after)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            ref var flight = ref _flights[numbers[i]];
            flight.SentAt = before + ((after - before) * i / numbers.Length);
            flight.IsUnsure = after - before > LongCall;
            flight.State = FlightState.Open;
            _open++;
            _deadlines.Add(flight.Target.TimeoutNanoseconds, flight.SentAt, flight.Number);
            if (_stampTransmit)
            {
                _transmitted.Add(flight.Number);
            }
        }
    }

    private void Refuse(uint number, long now, int error)
    {
        ref var flight = ref _flights[number];
        var sentAt = _clock.ToUtc(now);
        var result = error == ErrorNumber.MessageTooLong
            ? ProbeResult.Lost(sentAt, LossReason.PacketTooBig)
            : ProbeResult.Unmeasured(sentAt, SendErrors.ToReason(error), SendErrors.ToSentence(error));
        End(ref flight, FlightState.Void, result);
        if (_stampTransmit)
        {
            _socket.StampTransmit(true); // whether the failed packet took a number is not known: number anew
            _transmitted.Restart();
        }
    }

    /// <summary>3, and on a ping socket the ICMP errors: empties the error queue.</summary>
    private void ReceiveErrors()
    {
        int count;
        do
        {
            count = _errors.Receive(_socket.Descriptor, fromErrorQueue: true);
            for (var i = 0; i < count; i++)
            {
                var control = ControlMessages.Read(_errors.Control(i));
                if (control.StampedPacket is { } packet && _transmitted.TryTake(packet, out var stamped))
                {
                    Stamp(stamped, control.Stamp);
                }
                else if (control.Error is { } reason && _errors.Packet(i).Length >= EchoMessage.HeaderLength)
                {
                    TakeError(reason, EchoMessage.ReadName(_errors.Packet(i)), _errors.Address(i), control.Stamp);
                }
            }
        }
        while (count == ReceiveBatch.Capacity);
    }

    private void Stamp(uint number, long stamp)
    {
        ref var flight = ref _flights[number];
        if (flight.Number == number && flight.State == FlightState.Open && stamp != 0)
        {
            flight.SentAt = _clock.FromKernelStamp(stamp);
            flight.IsUnsure = false;
        }
    }

    /// <summary>4: takes in all that has arrived.</summary>
    private void Receive()
    {
        if (_socket.Mode == IcmpSocketMode.Ping && _open > 0)
        {
            ReceiveErrors();
        }
        var interrupted = 0;
        int count;
        do
        {
            count = _receiving.Receive(_socket.Descriptor, fromErrorQueue: false);
            for (var i = 0; i < count; i++)
            {
                TakePacket(i);
            }
        }
        while (count == ReceiveBatch.Capacity || (count < 0 && ++interrupted < ReceiveBatch.Capacity));
    }

    private void TakePacket(int i)
    {
        var control = ControlMessages.Read(_receiving.Control(i));
        if (control.Dropped is { } dropped && dropped != _dropped)
        {
            _counters.ReceiveDrops += dropped - _dropped;
            _dropped = dropped;
            _droppedAt = _clock.Now;
        }
        if (!EchoAnswer.TryRead(_receiving.Packet(i), _socket, out var answer) || _receiving.IsTruncated(i))
        {
            _counters.Malformed++;
            return;
        }
        var message = answer.Message(_receiving.Packet(i));
        if (answer.Error is { } error)
        {
            TakeError(error.Reason, error.Name, message.Slice(error.DestinationOffset, error.DestinationLength), control.Stamp);
        }
        else
        {
            TakeReply(message, _receiving.Address(i), control.Stamp, answer.HopLimit ?? control.HopLimit);
        }
    }

    private void TakeReply(ReadOnlySpan<byte> message, ReadOnlySpan<byte> source, long stamp, byte? hopLimit)
    {
        if (!TryFind(EchoMessage.ReadName(message), out var number))
        {
            _counters.Foreign++;
            return;
        }
        ref var flight = ref _flights[number];
        if (!EchoMessage.IsEchoOf(message, flight.Token, flight.Target.Size) || !IsFrom(flight.Target, source))
        {
            _counters.Foreign++;
            return;
        }
        switch (flight.State)
        {
            case FlightState.Answered:
                _counters.Duplicates++;
                _observer.CameAgain(flight.Ticket, flight.Target);
                break;
            case FlightState.Lost:
                _counters.Late++;
                _observer.CameLate(flight.Ticket, flight.Target);
                break;
            case FlightState.Open:
                Answer(ref flight, stamp, hopLimit);
                break;
        }
    }

    private void Answer(ref Flight flight, long stamp, byte? hopLimit)
    {
        var now = _clock.Now;
        var arrivedAt = stamp != 0 ? _clock.FromKernelStamp(stamp) : now;
        var sentAt = _clock.ToUtc(flight.SentAt);
        var rtt = arrivedAt - flight.SentAt;
        _open--;
        if (rtt > flight.Target.TimeoutNanoseconds)
        {
            End(ref flight, FlightState.Lost, ProbeResult.Lost(sentAt, LossReason.Timeout));
            _counters.Late++;
            _observer.CameLate(flight.Ticket, flight.Target);
        }
        else if (rtt < 0 || arrivedAt > now + MeasurementClock.StepThreshold)
        {
            // the wall clock was stepped between the last look at the clocks and this packet's stamp
            End(ref flight, FlightState.Void, ProbeResult.Unmeasured(sentAt, NotSentReason.ClockStepped));
        }
        else
        {
            var answered = ProbeResult.Answered(sentAt, new RoundTripTime(rtt), hopLimit);
            End(ref flight, FlightState.Answered, answered with { IsSuspect = flight.IsUnsure || stamp == 0 });
        }
    }

    private void TakeError(LossReason reason, EchoName name, ReadOnlySpan<byte> destination, long stamp)
    {
        if (!TryFind(name, out var number) || !IsFrom(_flights[number].Target, destination))
        {
            _counters.Foreign++;
            return;
        }
        ref var flight = ref _flights[number];
        if (flight.State == FlightState.Open)
        {
            var isLate = stamp != 0 && _clock.FromKernelStamp(stamp) - flight.SentAt > flight.Target.TimeoutNanoseconds;
            _open--;
            _counters.Errors++;
            End(ref flight, FlightState.Lost, ProbeResult.Lost(_clock.ToUtc(flight.SentAt), isLate ? LossReason.Timeout : reason));
        }
    }

    /// <summary>
    /// 5: what has no answer by its deadline is lost, unless the kernel dropped packets while it waited.
    /// </summary>
    private void EndOverdue()
    {
        var now = _clock.Now;
        while (_deadlines.TryTake(now, out var number))
        {
            ref var flight = ref _flights[number];
            if (flight.Number == number && flight.State == FlightState.Open)
            {
                _open--;
                var sentAt = _clock.ToUtc(flight.SentAt);
                End(ref flight, FlightState.Lost, flight.SentAt <= _droppedAt
                    ? ProbeResult.Unmeasured(sentAt, NotSentReason.ReceiveOverflow)
                    : ProbeResult.Lost(sentAt, LossReason.Timeout));
            }
        }
    }

    private void End(ref Flight flight, FlightState state, in ProbeResult result)
    {
        flight.State = state;
        _observer.Ended(flight.Ticket, flight.Target, result);
    }

    /// <summary>A ping socket's identifier is the kernel's; a raw socket has a row of them.</summary>
    private EchoName NameOf(uint number) => new((ushort)(_socket.Identifier + ((number >> 16) & (IcmpSocket.RawIdentifiers - 1))), (ushort)number);

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
