using System.Runtime.InteropServices;

namespace Sonde.Measurement.Sockets;

/// <summary>The calls of a UDP socket whose arrivals the kernel stamps: udp(7), recvmsg(2), cmsg(3).</summary>
internal static unsafe partial class LibCDatagram
{
    private const int InternetV4 = 2;
    private const int Datagram = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int LevelSocket = 1;
    private const int StampNanoseconds = 35;   // SO_TIMESTAMPNS, and the type of its control message
    private const int ControlHeader = 16;
    private const int ControlLength = 128;
    private const int FlagTruncated = 0x20;
    private const int FlagNoSignal = 0x4000;

    /// <summary>
    /// Opens a non-blocking UDP socket with kernel stamps, that reports every ICMP error to it when connected
    /// (IP_RECVERR): without that, only some of them.
    /// </summary>
    /// <param name="family">AF_INET (2) or AF_INET6 (10).</param>
    /// <returns>The descriptor, or −1 with <see cref="Marshal.GetLastPInvokeError"/> set.</returns>
    public static int Open(int family)
    {
        var descriptor = Socket(family, Datagram | NonBlocking | CloseOnExec, 0);
        if (descriptor >= 0)
        {
            var on = 1;
            _ = SetOption(descriptor, LevelSocket, StampNanoseconds, &on, sizeof(int));
            var (level, receiveErrors) = family == InternetV4 ? (0, 11) : (41, 25);
            _ = SetOption(descriptor, level, receiveErrors, &on, sizeof(int));
        }
        return descriptor;
    }

    /// <summary>Sends a datagram to whom the socket is connected to.</summary>
    /// <returns>0, or the error number.</returns>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Send(descriptor, start, bytes.Length, FlagNoSignal) >= 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Takes a datagram.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="bytes">Where it is put.</param>
    /// <param name="stamp">When the kernel took it in: wall-clock nanoseconds; 0 when it does not say.</param>
    /// <param name="isCut">True when it was longer than <paramref name="bytes"/>.</param>
    /// <returns>Its length, or the negative error number.</returns>
    public static int Receive(int descriptor, Span<byte> bytes, out long stamp, out bool isCut)
    {
        var control = stackalloc byte[ControlLength];
        (stamp, isCut) = (0, false);
        fixed (byte* start = bytes)
        {
            Part part = new() { Start = start, Length = bytes.Length };
            Message message = new() { Parts = &part, PartCount = 1, Control = control, ControlLength = ControlLength };
            var length = Receive(descriptor, &message, 0);
            if (length < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }
            isCut = (message.Flags & FlagTruncated) != 0;
            stamp = FindStamp(new ReadOnlySpan<byte>(control, (int)message.ControlLength));
            return (int)length;
        }
    }

    /// <summary>Each control message: 8 bytes length, 4 level, 4 type, then its contents, padded to 8.</summary>
    private static long FindStamp(ReadOnlySpan<byte> control)
    {
        while (control.Length >= ControlHeader)
        {
            var length = MemoryMarshal.Read<long>(control);
            if (length < ControlHeader || length > control.Length)
            {
                return 0;
            }
            var (level, type) = (MemoryMarshal.Read<int>(control[8..]), MemoryMarshal.Read<int>(control[12..]));
            if (level == LevelSocket && type == StampNanoseconds && length >= ControlHeader + 16)
            {
                return (MemoryMarshal.Read<long>(control[16..]) * 1_000_000_000)
                    + MemoryMarshal.Read<long>(control[24..]);
            }
            control = control[Math.Min((int)(length + 7) & ~7, control.Length)..];
        }
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int descriptor, int level, int option, void* value, int length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint Receive(int descriptor, Message* message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public byte* Start;
        public nint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Part* Parts;
        public nint PartCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }
}
