namespace Sonde.Measurement.Icmp;

/// <content>Steps 2 and 3: handing requests to the kernel, and learning when they left.</content>
internal sealed partial class EchoChannel
{
    /// <summary>2: hands the batch to the kernel. A packet that it refuses is not sent, and the rest goes on.</summary>
    private void Flush()
    {
        var retried = -1;
        for (var first = 0; first < _sending.Count;)
        {
            var before = _clock.Now;
            var limit = _stampTransmit ? SendBatch.Capacity : 1;
            var count = _sending.Send(_socket.Descriptor, first, limit, out var error);
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
            ReceiveErrors(); // stamps by the old numbers, before they would be taken for the new ones
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
                    TakeError(reason, _errors.Packet(i), _errors.Address(i), control.Stamp);
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
}
