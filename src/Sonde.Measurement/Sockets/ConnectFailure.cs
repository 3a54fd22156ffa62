using System.Runtime.InteropServices;

namespace Sonde.Measurement.Sockets;

/// <summary>What an error number of a connect says: about the network, or about this machine.</summary>
/// <remarks>
/// An error that connect(2) returns at once comes from this machine: no packet left. One that the socket has later
/// (SO_ERROR) came from outside: a reset, or an ICMP error that the kernel translates (icmp_err_convert in
/// net/ipv4/icmp.c, icmpv6_err_convert in net/ipv6/icmp.c). The kernel's list maps ICMP's "port unreachable" to
/// ECONNREFUSED and IPv4's "administratively prohibited" to EHOSTUNREACH, so they cannot be told from a reset and a
/// missing host.
/// </remarks>
internal static class ConnectFailure
{
    /// <summary>The result of a connect that failed before its SYN was sent.</summary>
    public static ProbeResult BeforeSending(long sentAt, int error) => error switch
    {
        ErrorNumber.NetworkUnreachable or ErrorNumber.HostUnreachable or ErrorNumber.NetworkDown =>
            ProbeResult.Unmeasured(sentAt, NotSentReason.NoRoute),
        ErrorNumber.FamilyNotSupported =>
            ProbeResult.Unmeasured(sentAt, NotSentReason.NoRoute, "this machine does not have the address family"),
        ErrorNumber.AddressNotAvailable =>
            ProbeResult.Unmeasured(sentAt, NotSentReason.NoRoute, "no local port is free, or no address of the family"),
        ErrorNumber.NotPermitted or ErrorNumber.AccessDenied =>
            ProbeResult.Unmeasured(sentAt, NotSentReason.NoPermission, "a local firewall or route forbids it"),
        ErrorNumber.NoBuffers or ErrorNumber.OutOfMemory or ErrorNumber.TryAgain =>
            ProbeResult.Unmeasured(sentAt, NotSentReason.NoBuffers, "the kernel has no memory for another socket"),
        ErrorNumber.TooManyFiles =>
            ProbeResult.Unmeasured(sentAt, NotSentReason.Failed, "this process may not open more files (ulimit -n)"),
        ErrorNumber.TableOfFilesFull =>
            ProbeResult.Unmeasured(sentAt, NotSentReason.Failed, "the system may not open more files (fs.file-max)"),
        ErrorNumber.ConnectionRefused => ProbeResult.Lost(sentAt, LossReason.Refused),
        _ => ProbeResult.Unmeasured(sentAt, NotSentReason.Failed, Marshal.GetPInvokeErrorMessage(error)),
    };

    /// <summary>The result of a handshake that ended with an error.</summary>
    public static ProbeResult AfterSending(long sentAt, int error) => error switch
    {
        ErrorNumber.ConnectionRefused => ProbeResult.Lost(sentAt, LossReason.Refused),
        ErrorNumber.ConnectionReset or ErrorNumber.BrokenPipe => ProbeResult.Lost(sentAt, LossReason.Reset),
        ErrorNumber.TimedOut => ProbeResult.Lost(sentAt, LossReason.Timeout),
        ErrorNumber.NetworkUnreachable => ProbeResult.Lost(sentAt, LossReason.NetworkUnreachable),
        ErrorNumber.HostUnreachable or ErrorNumber.HostDown or ErrorNumber.NoNetwork =>
            ProbeResult.Lost(sentAt, LossReason.HostUnreachable),
        ErrorNumber.AccessDenied or ErrorNumber.NotPermitted => ProbeResult.Lost(sentAt, LossReason.Prohibited),
        ErrorNumber.ProtocolNotAvailable => ProbeResult.Lost(sentAt, LossReason.ProtocolUnreachable),
        ErrorNumber.MessageTooLong => ProbeResult.Lost(sentAt, LossReason.PacketTooBig),
        ErrorNumber.ProtocolError => ProbeResult.Lost(sentAt, LossReason.ParameterProblem),
        _ => ProbeResult.Unmeasured(sentAt, NotSentReason.Failed, Marshal.GetPInvokeErrorMessage(error)),
    };
}
