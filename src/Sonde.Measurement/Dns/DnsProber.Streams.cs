using System.Runtime.InteropServices;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Dns;

/// <content>Queries over TCP and TLS, and after a truncated answer.</content>
public sealed partial class DnsProber
{
    /// <summary>More than this above the kernel's time of a handshake is our lateness: 1 ms.</summary>
    private const long LatenessLimit = 1_000_000;

    private void Connect(DnsProbe probe, DnsTarget target)
    {
        probe.State = DnsProbeState.Connecting;
        probe.ConnectedFrom = LibCClock.ReadBootTime();
        if (probe.TruncatedAfter is null)
        {
            probe.StartedAt = probe.ConnectedFrom;
            probe.SentAt = _clock.ToUtc(probe.StartedAt);
            _deadlines.Add(probe, probe.StartedAt, target.TimeoutNanoseconds);
        }
        if (OpenConnection(probe, target) is not 0 and var error)
        {
            LoseConnect(probe, ConnectFailure.BeforeSending(probe.SentAt, error));
        }
    }

    private int OpenConnection(DnsProbe probe, DnsTarget target)
    {
        probe.Descriptor = LibCSocket.OpenTcp(target.SystemFamily);
        if (probe.Descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }
        var error = LibCSocket.Connect(probe.Descriptor, target.SocketAddress);
        return error is 0 or ErrorNumber.InProgress or ErrorNumber.Interrupted
            ? LibCEvents.WatchWritableOnce(_epoll, probe.Descriptor, probe.Token)
            : error;
    }

    private void FinishConnect(DnsProbe probe)
    {
        var error = LibCSocket.TakeError(probe.Descriptor);
        if (error != 0)
        {
            LoseConnect(probe, ConnectFailure.AfterSending(probe.SentAt, error));
            return;
        }
        var took = LibCClock.ReadBootTime() - probe.ConnectedFrom;
        var isLate = LibCSocket.TryReadAccount(probe.Descriptor, out var account) && account.TotalRetransmissions == 0
            && took - (account.RttMicroseconds * 1000L) > LatenessLimit;
        probe.State = DnsProbeState.Streaming;
        probe.Stream = new DnsStream(
            probe.Descriptor, probe.Target!, probe.Id, probe.Token, Describe(probe, took), isLate, _ends);
        probe.Descriptor = DnsProbe.None;
        probe.Stream.Start();
    }

    private void LoseConnect(DnsProbe probe, in ProbeResult result)
    {
        var findings = Describe(probe, null, result.Loss);
        End(probe, result.IsLost ? result with { Findings = findings } : result);
    }

    private static DnsFindings Describe(DnsProbe probe, long? connect, LossReason failure = LossReason.None) => new()
    {
        Transport = probe.Target!.Transport == DnsTransport.Udp ? DnsTransport.Tcp : probe.Target.Transport,
        Truncated = ToTime(probe.TruncatedAfter),
        Connect = ToTime(connect),
        Failure = failure,
    };

    private static TimeSpan? ToTime(long? nanoseconds) =>
        nanoseconds is { } time ? new TimeSpan(time / TimeSpan.NanosecondsPerTick) : null;

    private void TakeEnds()
    {
        _ends.Acknowledge();
        while (_ends.TryTake(out var end))
        {
            if (_probes.Find(end.Token) is { } probe)
            {
                FinishStream(probe, end);
            }
        }
    }

    private void FinishStream(DnsProbe probe, DnsStreamEnd end)
    {
        var (ticket, target) = (probe.Ticket, probe.Target!);
        var took = end.At - probe.StartedAt;
        var isOverdue = took > target.TimeoutNanoseconds;
        // When the deadline is still in its line, nobody called Advance in time: this process was late.
        var isSuspect = isOverdue ? probe.Place.List is not null : end.IsSuspect || probe.IsUnsure;
        if (probe.Abandoned != NotSentReason.None || end.Findings is null)
        {
            var reason = end.Findings is null ? NotSentReason.Failed : probe.Abandoned;
            End(probe, ProbeResult.Unmeasured(probe.SentAt, reason, end.Findings is null ? end.Detail : null));
            return;
        }
        var loss = isOverdue ? LossReason.Timeout : end.Loss;
        var result = loss == LossReason.None
            ? ProbeResult.Answered(probe.SentAt, new RoundTripTime(took))
            : ProbeResult.Lost(probe.SentAt, loss, end.Detail);
        End(probe, result with { IsSuspect = isSuspect, Findings = end.Findings });
        if (isOverdue && end.Loss != LossReason.Timeout)
        {
            Counters.Late++;
            _observer.CameLate(ticket, target);
        }
    }
}
