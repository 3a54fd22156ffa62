using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Icmp;

/// <content>Steps 4 and 5: matching what arrives to its probe, and giving up what has no answer.</content>
internal sealed partial class EchoChannel
{
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
            var destination = message.Slice(error.DestinationOffset, error.DestinationLength);
            TakeError(error.Reason, message[error.EchoOffset..], destination, control.Stamp);
        }
        else if (answer.IsReply)
        {
            TakeReply(message, _receiving.Address(i), control.Stamp, answer.HopLimit ?? control.HopLimit);
        }
        else
        {
            _counters.Foreign++;
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

    private void TakeError(LossReason reason, ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> destination, long stamp)
    {
        if (!TryFind(EchoMessage.ReadName(quoted), out var number)
            || !EchoMessage.MayQuote(quoted, _flights[number].Token) || !IsFrom(_flights[number].Target, destination))
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
            var sentAt = _clock.ToUtc(flight.SentAt);
            End(ref flight, FlightState.Lost, ProbeResult.Lost(sentAt, isLate ? LossReason.Timeout : reason));
        }
    }

    /// <summary>
    /// 5: what has no answer by its deadline is lost, unless the kernel dropped packets while it waited.
    /// </summary>
    /// <param name="received">When the last look at the socket began: all that had come by then is taken in.</param>
    private void EndOverdue(long received)
    {
        while (_deadlines.TryTake(received, out var number))
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
}
