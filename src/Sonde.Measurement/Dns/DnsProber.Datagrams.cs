using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Dns;

/// <content>Steps 1 to 4 over UDP.</content>
public sealed partial class DnsProber
{
    /// <summary>
    /// So many datagrams are looked at when the time is up, and after the end, so that a flood has an end.
    /// </summary>
    private const int MostAtEnd = 64;

    /// <summary>1: sends the query from a socket of its own.</summary>
    private void Ask(DnsProbe probe, DnsTarget target)
    {
        probe.State = DnsProbeState.Asking;
        probe.SentAt = _clock.UtcNow;
        var error = OpenDatagram(probe, target);
        if (error == 0)
        {
            Span<byte> query = stackalloc byte[LargestQuery];
            query = query[..target.Query.Length];
            target.Query.CopyTo(query);
            BinaryPrimitives.WriteUInt16BigEndian(query, probe.Id);
            probe.StartedAt = LibCClock.ReadBootTime();
            error = LibCDatagram.Send(probe.Descriptor, query);
            probe.IsUnsure = LibCClock.ReadBootTime() - probe.StartedAt > UnsureCall;
            probe.SentAt = _clock.ToUtc(probe.StartedAt);
        }
        if (error != 0)
        {
            End(probe, ConnectFailure.BeforeSending(probe.SentAt, error));
            return;
        }
        _deadlines.Add(probe, probe.StartedAt, target.TimeoutNanoseconds);
    }

    private int OpenDatagram(DnsProbe probe, DnsTarget target)
    {
        probe.Descriptor = LibCDatagram.Open(target.SystemFamily);
        if (probe.Descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }
        var error = LibCSocket.Connect(probe.Descriptor, target.SocketAddress);
        return error != 0 ? error : LibCEvents.WatchReadable(_epoll, probe.Descriptor, probe.Token);
    }

    /// <summary>
    /// 2, when the time is up: takes what has arrived, so that nobody is called lost whose answer lies behind another
    /// datagram, and gives up.
    /// </summary>
    private void TakeLast(DnsProbe probe)
    {
        var token = probe.Token;
        for (var taken = 0; taken < MostAtEnd && TakeDatagram(probe); taken++)
        {
            if (probe.Token != token || probe.State != DnsProbeState.Asking)
            {
                return;
            }
        }
        if (probe.Token == token && probe.State == DnsProbeState.Asking)
        {
            Linger(probe, DnsProbeState.TimedOut, ProbeResult.Lost(
                probe.SentAt, LossReason.Timeout, probe.PassedOver == 0
                    ? null
                    : $"answers with another id or question were passed over: {probe.PassedOver}"));
        }
    }

    /// <summary>2: takes one datagram, or the error that an ICMP message left at the socket.</summary>
    /// <returns>False when nothing was there.</returns>
    private bool TakeDatagram(DnsProbe probe)
    {
        var length = LibCDatagram.Receive(probe.Descriptor, _arrived, out var stamp, out var isCut);
        if (length < 0)
        {
            return TakeError(probe, -length);
        }
        var bytes = _arrived.AsSpan(0, length);
        switch (DnsMessage.Match(bytes, probe.Id, probe.Target!.Query), probe.State)
        {
            case (DnsMatch.Answer, DnsProbeState.Asking):
                TakeAnswer(probe, bytes, stamp, isCut);
                return true;
            case (DnsMatch.Answer, DnsProbeState.Answered):
                Counters.Duplicates++;
                _observer.CameAgain(probe.Ticket, probe.Target!);
                break;
            case (DnsMatch.Answer, _):
                Counters.Late++;
                _observer.CameLate(probe.Ticket, probe.Target!);
                break;
            case (DnsMatch.Malformed, _):
                Counters.Malformed++;
                break;
            default:
                Counters.Foreign++;
                break;
        }
        if (++probe.PassedOver >= MostAtEnd && !probe.IsOpen)
        {
            Release(probe);
        }
        return true;
    }

    private bool TakeError(DnsProbe probe, int error)
    {
        if (error is ErrorNumber.TryAgain or ErrorNumber.Interrupted)
        {
            return false;
        }
        if (!probe.IsOpen)
        {
            Release(probe);
            return true;
        }
        // No connection: the only refusal of a datagram is that nobody listens (RFC 1122 section 4.1.3.3).
        End(probe, error == ErrorNumber.ConnectionRefused
            ? ProbeResult.Lost(probe.SentAt, LossReason.PortUnreachable)
            : ConnectFailure.AfterSending(probe.SentAt, error));
        return true;
    }

    private void TakeAnswer(DnsProbe probe, ReadOnlySpan<byte> bytes, long stamp, bool isCut)
    {
        var target = probe.Target!;
        var now = LibCClock.ReadBootTime();
        var arrivedAt = stamp != 0 ? _clock.FromKernelStamp(stamp) : now;
        var rtt = arrivedAt - probe.StartedAt;
        probe.IsUnsure |= stamp == 0;
        if (rtt < 0 || arrivedAt > now + MeasurementClock.StepThreshold)
        {
            // The wall clock was stepped between the last look at the clocks and this datagram's stamp.
            End(probe, ProbeResult.Unmeasured(probe.SentAt, NotSentReason.ClockStepped));
        }
        else if (rtt > target.TimeoutNanoseconds)
        {
            Counters.Late++;
            Linger(probe, DnsProbeState.TimedOut, ProbeResult.Lost(probe.SentAt, LossReason.Timeout));
            _observer.CameLate(probe.Ticket, target);
        }
        else if (DnsMessage.HasTruncatedFlag(bytes) && target.FallsBackToTcp)
        {
            FallBack(probe, target, rtt);
        }
        else if (isCut || !DnsMessage.TryRead(bytes.ToArray(), out var message))
        {
            End(probe, ProbeResult.Lost(
                probe.SentAt, LossReason.BrokenMessage, isCut ? $"longer than {LargestDatagram} bytes" : null));
        }
        else
        {
            Judge(probe, target, message, rtt);
        }
    }

    /// <summary>3: the answer did not fit into a datagram.</summary>
    private void FallBack(DnsProbe probe, DnsTarget target, long truncatedAfter)
    {
        Counters.Truncated++;
        if (probe.Place.List is null)
        {
            // The deadline has passed while we did not look: no time is left for the rest.
            End(probe, ProbeResult.Lost(probe.SentAt, LossReason.Timeout) with { IsSuspect = true });
            return;
        }
        Close(probe);
        probe.TruncatedAfter = truncatedAfter;
        Connect(probe, target);
    }

    /// <summary>4: holds the answer to what is expected.</summary>
    private void Judge(DnsProbe probe, DnsTarget target, DnsMessage message, long rtt)
    {
        var (loss, detail) = target.Expectations.Judge(message);
        var request = new TimeSpan(rtt / TimeSpan.NanosecondsPerTick);
        var findings = new DnsFindings { Transport = DnsTransport.Udp, Request = request }.With(message, loss);
        if (loss != LossReason.None)
        {
            End(probe, ProbeResult.Lost(probe.SentAt, loss, detail) with { Findings = findings });
            return;
        }
        var answered = ProbeResult.Answered(probe.SentAt, new RoundTripTime(rtt));
        Linger(probe, DnsProbeState.Answered, answered with { IsSuspect = probe.IsUnsure, Findings = findings });
    }
}
