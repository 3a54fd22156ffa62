using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// What the kernel tells beside a packet. See cmsg(3), recvmsg(2), the kernel's
/// Documentation/networking/timestamping.rst.
/// </summary>
internal ref struct ControlMessages
{
    private const int HeaderLength = 16;
    private const int SocketLevel = 1;
    private const int V4Level = 0;
    private const int V6Level = 41;
    private const byte OriginTimestamping = 4;

    /// <summary>The packet's software stamp, wall-clock nanoseconds; 0 = none.</summary>
    public long Stamp { get; private set; }

    /// <summary>The hop limit left; null = not told.</summary>
    public byte? HopLimit { get; private set; }

    /// <summary>How many packets the socket has dropped since it was opened; null = none.</summary>
    public uint? Dropped { get; private set; }

    /// <summary>
    /// From the error queue: the number of the packet that a transmit stamp is for; null = no such stamp.
    /// </summary>
    public uint? StampedPacket { get; private set; }

    /// <summary>From the error queue: what an ICMP error says; null = no such error.</summary>
    public LossReason? Error { get; private set; }

    /// <summary>
    /// Reads all messages in <paramref name="control"/>: each 8 bytes length, 4 level, 4 type, then its contents,
    /// padded to 8.
    /// </summary>
    public static ControlMessages Read(ReadOnlySpan<byte> control)
    {
        var found = default(ControlMessages);
        while (control.Length >= HeaderLength)
        {
            var length = MemoryMarshal.Read<ulong>(control);
            if (length < HeaderLength || length > (ulong)control.Length)
            {
                break;
            }
            var (level, type) = (MemoryMarshal.Read<int>(control[8..]), MemoryMarshal.Read<int>(control[12..]));
            found.Take(level, type, control[HeaderLength..(int)length]);
            var padded = ((int)length + 7) & ~7;
            control = padded >= control.Length ? default : control[padded..];
        }
        return found;
    }

    private void Take(int level, int type, ReadOnlySpan<byte> contents)
    {
        switch (level, type)
        {
            case (SocketLevel, 37) when contents.Length >= 16: // SCM_TIMESTAMPING: the first of three timespecs
                Stamp = (MemoryMarshal.Read<long>(contents) * 1_000_000_000) + MemoryMarshal.Read<long>(contents[8..]);
                break;
            case (SocketLevel, 40) when contents.Length >= 4: // SO_RXQ_OVFL
                Dropped = MemoryMarshal.Read<uint>(contents);
                break;
            case (V4Level, 2) or (V6Level, 52) when contents.Length >= 4: // IP_TTL, IPV6_HOPLIMIT
                HopLimit = (byte)MemoryMarshal.Read<int>(contents);
                break;
            case (V4Level, 11) or (V6Level, 25) when contents.Length >= 16: // IP_RECVERR, IPV6_RECVERR
                TakeError(contents);
                break;
        }
    }

    /// <summary>
    /// <c>struct sock_extended_err</c>: errno 4, origin 1, type 1, code 1, pad 1, info 4, data 4. See ip(7).
    /// </summary>
    private void TakeError(ReadOnlySpan<byte> error)
    {
        switch (error[4])
        {
            case OriginTimestamping:
                StampedPacket = MemoryMarshal.Read<uint>(error[12..]);
                break;
            case 2: // SO_EE_ORIGIN_ICMP
                Error = IcmpError.ReasonV4(error[5], error[6]);
                break;
            case 3: // SO_EE_ORIGIN_ICMP6
                Error = IcmpError.ReasonV6(error[5], error[6]);
                break;
        }
    }
}
