using System.Runtime.InteropServices;

namespace Sonde.Measurement.Sockets;

/// <summary>
/// The first 104 bytes of <c>struct tcp_info</c> (linux/tcp.h), host byte order; only what a probe asks for is named.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal struct KernelAccount
{
    /// <summary>The SYN is out and unanswered (include/net/tcp_states.h).</summary>
    public const byte SynSent = 2;

    /// <summary>The connection failed or is over.</summary>
    public const byte Closed = 7;

    /// <summary>The state of the connection.</summary>
    [FieldOffset(0)]
    public byte State;

    /// <summary>Milliseconds since the last bytes arrived, to a tick of the kernel (1 to 10 ms).</summary>
    [FieldOffset(52)]
    public uint LastDataReceivedAgoMilliseconds;

    /// <summary>Milliseconds since the last acknowledgement arrived, to a tick of the kernel (1 to 10 ms).</summary>
    [FieldOffset(56)]
    public uint LastAckReceivedAgoMilliseconds;

    /// <summary>
    /// The kernel's smoothed round-trip time; right after the handshake it is the time of SYN to SYN-ACK.
    /// </summary>
    [FieldOffset(68)]
    public uint RttMicroseconds;

    /// <summary>How many segments were sent again since the socket was opened.</summary>
    [FieldOffset(100)]
    public uint TotalRetransmissions;
}
