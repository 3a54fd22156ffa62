using System.Net.Sockets;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Http;

/// <summary>Notices when this process, not the network, may have made a probe's time.</summary>
/// <remarks>
/// The stamps of a probe are taken by tasks of the thread pool, which may be starved. Three looks, each a system call:
/// 1. how far the connect lies above the kernel's own time of the handshake (<c>tcpi_rtt</c>); 2. and 3. how long ago,
/// by the kernel, the last bytes had arrived when the answer's beginning and its end were seen. What is not seen: less
/// than 1 ms at the connect, and less than 8 ms at the others, because the kernel tells the age of bytes to a tick
/// only; and lateness in resolving and in the TLS handshake.
/// </remarks>
internal sealed class LatenessMarks
{
    /// <summary>Two ticks of a kernel with 250 ticks a second.</summary>
    private const uint ArrivalLimitMilliseconds = 8;

    /// <summary>Whether it was late.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>The connect took so many nanoseconds by our stamps.</summary>
    public void Connected(Socket socket, long measured)
    {
        if (LibCSocket.TryReadAccount((int)socket.Handle, out var account) && account.TotalRetransmissions == 0)
        {
            IsSuspect |= measured - (account.RttMicroseconds * 1000L) > LatenessWatch.Threshold;
        }
    }

    /// <summary>Bytes, or the end of the stream, were seen just now.</summary>
    public void Arrived(Socket socket)
    {
        if (!socket.SafeHandle.IsInvalid && !socket.SafeHandle.IsClosed
            && LibCSocket.TryReadAccount((int)socket.Handle, out var account))
        {
            var age = Math.Min(account.LastDataReceivedAgoMilliseconds, account.LastAckReceivedAgoMilliseconds);
            IsSuspect |= age > ArrivalLimitMilliseconds;
        }
    }
}
