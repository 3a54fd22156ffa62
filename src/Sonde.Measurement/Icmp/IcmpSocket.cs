using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sonde.Measurement.Icmp;

/// <summary>How the kernel lets us send echo requests.</summary>
internal enum IcmpSocketMode
{
    /// <summary>A raw socket: needs CAP_NET_RAW. See raw(7).</summary>
    Raw,

    /// <summary>A ping socket: needs the group in net.ipv4.ping_group_range. See icmp(7).</summary>
    Ping,
}

/// <summary>
/// One socket for all targets of a family and don't-fragment setting, with kernel stamps switched on.
/// </summary>
/// <remarks>
/// Don't-fragment is a property of an IPv4 socket, not of a packet; hop limit and type of service go with each packet.
/// </remarks>
internal sealed unsafe class IcmpSocket : IDisposable
{
    /// <summary>A raw socket owns this many identifiers in a row, 65,536 sequence numbers each.</summary>
    public const int RawIdentifiers = 16;

    private const int SocketLevel = 1;
    private const int SendBuffer = 7;
    private const int ReceiveBuffer = 8;
    private const int AttachFilter = 26;
    private const int ReceiveBufferForce = 33;
    private const int SendBufferForce = 32;
    private const int Timestamping = 37;
    private const int ReceiveOverflow = 40;
    private const int BufferBytes = 8 << 20;

    // linux/net_tstamp.h: SOF_TIMESTAMPING_…
    private const int TransmitSoftware = 1 << 1;
    private const int ReceiveSoftware = 1 << 3;
    private const int Software = 1 << 4;
    private const int NumberPackets = 1 << 7;
    private const int WithControl = 1 << 10;
    private const int StampOnly = 1 << 11;

    private readonly SafeFileHandle _handle;

    private IcmpSocket(int descriptor, bool isV6, IcmpSocketMode mode)
    {
        Descriptor = descriptor;
        IsV6 = isV6;
        Mode = mode;
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The file descriptor, valid until disposal.</summary>
    public int Descriptor { get; }

    public bool IsV6 { get; }

    public IcmpSocketMode Mode { get; }

    /// <summary>
    /// The first of its identifiers: a multiple of <see cref="RawIdentifiers"/>. A ping socket's is the kernel's
    /// secret.
    /// </summary>
    public ushort Identifier { get; private init; }

    /// <summary>Opens a raw socket, or else a ping socket.</summary>
    /// <returns>
    /// Null when the system allows neither; <paramref name="error"/> is the error number of the last attempt.
    /// </returns>
    public static IcmpSocket? TryOpen(bool isV6, bool dontFragment, bool stampTransmit, out int error)
    {
        foreach (var mode in (ReadOnlySpan<IcmpSocketMode>)[IcmpSocketMode.Raw, IcmpSocketMode.Ping])
        {
            var type = mode == IcmpSocketMode.Raw ? LibC.RawType : LibC.DatagramType;
            var descriptor = LibC.OpenSocket(
                isV6 ? LibC.InternetV6 : LibC.InternetV4, type | LibC.CloseOnExec | LibC.NonBlocking, isV6 ? 58 : 1);
            if (descriptor >= 0)
            {
                error = 0;
                var identifier = (ushort)(Random.Shared.Next(1, 0x10000 / RawIdentifiers) * RawIdentifiers);
                var socket = new IcmpSocket(descriptor, isV6, mode) { Identifier = identifier };
                socket.Configure(dontFragment, stampTransmit);
                return socket;
            }
        }
        error = Marshal.GetLastPInvokeError();
        return null;
    }

    /// <summary>Switches the kernel's transmit stamps on, numbering packets from 0; or off.</summary>
    public void StampTransmit(bool on)
    {
        const int Receive = ReceiveSoftware | Software | WithControl;
        const int Transmit = Receive | TransmitSoftware | NumberPackets | StampOnly;
        _ = LibC.TrySetOption(Descriptor, SocketLevel, Timestamping, Receive); // off first: numbering restarts at 0
        if (on)
        {
            _ = LibC.TrySetOption(Descriptor, SocketLevel, Timestamping, Transmit);
        }
    }

    public void Dispose() => _handle.Dispose();

    private void Configure(bool dontFragment, bool stampTransmit)
    {
        if (!LibC.TrySetOption(Descriptor, SocketLevel, ReceiveBufferForce, BufferBytes)) // needs CAP_NET_ADMIN
        {
            _ = LibC.TrySetOption(Descriptor, SocketLevel, ReceiveBuffer, BufferBytes); // capped at net.core.rmem_max
        }
        if (!LibC.TrySetOption(Descriptor, SocketLevel, SendBufferForce, BufferBytes))
        {
            _ = LibC.TrySetOption(Descriptor, SocketLevel, SendBuffer, BufferBytes);
        }
        Require(LibC.TrySetOption(Descriptor, SocketLevel, ReceiveOverflow, 1), "SO_RXQ_OVFL");
        StampTransmit(stampTransmit);
        ConfigureHeaders(dontFragment);
        if (Mode == IcmpSocketMode.Raw)
        {
            FilterTypes();
            FilterIdentifiers();
        }
    }

    /// <summary>See ip(7) and ipv6(7): path MTU discovery, received hop limits, queued errors.</summary>
    private void ConfigureHeaders(bool dontFragment)
    {
        var level = IsV6 ? (int)SocketOptionLevel.IPv6 : (int)SocketOptionLevel.IP;
        var (discover, receiveHopLimit, receiveErrors) = IsV6 ? (23, 51, 25) : (10, 12, 11);
        if (dontFragment)
        {
            _ = LibC.TrySetOption(Descriptor, level, discover, 3); // IP_PMTUDISC_PROBE
            _ = IsV6 && LibC.TrySetOption(Descriptor, level, 62, 1); // IPV6_DONTFRAG
        }
        if (IsV6 || Mode == IcmpSocketMode.Ping) // a raw IPv4 socket gives the header itself
        {
            Require(LibC.TrySetOption(Descriptor, level, receiveHopLimit, 1), "IP_RECVTTL");
        }
        if (Mode == IcmpSocketMode.Ping)
        {
            Require(LibC.TrySetOption(Descriptor, level, receiveErrors, 1), "IP_RECVERR");
        }
    }

    /// <summary>
    /// Lets only echo replies and errors come: raw(7) ICMP_FILTER, RFC 3542 ICMP6_FILTER. A set bit blocks.
    /// </summary>
    private void FilterTypes()
    {
        var filter = stackalloc uint[8];
        new Span<uint>(filter, 8).Fill(uint.MaxValue);
        ReadOnlySpan<byte> passing = IsV6 ? [1, 2, 3, 4, EchoMessage.ReplyV6] : [EchoMessage.ReplyV4, 3, 11, 12];
        foreach (var type in passing)
        {
            filter[type / 32] &= ~(1u << (type % 32));
        }
        var (level, length) = IsV6 ? (58, 32u) : (255, 4u);
        Require(LibC.SetOption(Descriptor, level, 1, filter, length) == 0, "ICMP_FILTER");
    }

    /// <summary>
    /// Lets only echo replies with our identifiers come: a classic BPF program. See packet(7) and the kernel's
    /// Documentation/networking/filter.rst; a raw IPv4 socket sees the IP header, an IPv6 one does not.
    /// </summary>
    private void FilterIdentifiers()
    {
        const ushort LoadByte = 0x30, LoadByteAtX = 0x50, LoadHalf = 0x28, LoadHalfAtX = 0x48;
        const ushort HeaderLengthToX = 0xb1, And = 0x54, JumpIfEqual = 0x15, Return = 0x06;
        var mask = (uint)(0x10000 - RawIdentifiers);
        var program = stackalloc Instruction[]
        {
            new(HeaderLengthToX, 0, 0, 0),
            new(IsV6 ? LoadByte : LoadByteAtX, 0, 0, 0),
            new(JumpIfEqual, 0, 3, IsV6 ? EchoMessage.ReplyV6 : EchoMessage.ReplyV4), // errors pass
            new(IsV6 ? LoadHalf : LoadHalfAtX, 0, 0, 4),
            new(And, 0, 0, mask),
            new(JumpIfEqual, 0, 1, Identifier),
            new(Return, 0, 0, 0x40000),
            new(Return, 0, 0, 0),
        };
        var whole = new FilterProgram { Length = 8, Instructions = program };
        var length = (uint)sizeof(FilterProgram);
        Require(LibC.SetOption(Descriptor, SocketLevel, AttachFilter, &whole, length) == 0, "SO_ATTACH_FILTER");
    }

    private static void Require(bool worked, string option)
    {
        if (!worked)
        {
            throw new NotSupportedException(
                $"This kernel refuses the socket option {option}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}
