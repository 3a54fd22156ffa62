using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sonde.SystemTests.Lab;

/// <summary>One packet as it crossed the device.</summary>
/// <param name="At">The kernel's own stamp: nanoseconds since 1970 by the wall clock.</param>
/// <param name="IsOutgoing">True when this machine sent it.</param>
/// <param name="Trace">What it is.</param>
internal readonly record struct WirePacket(long At, bool IsOutgoing, EchoTrace Trace);

/// <summary>
/// Listens on the device with a packet socket and keeps the kernel's stamp of every echo packet in both directions: the
/// truth that reported times are held against. See packet(7), and SO_TIMESTAMPNS in the kernel's
/// networking/timestamping.
/// </summary>
/// <remarks>It looks every few milliseconds only, so that it disturbs little: the stamps do not depend on when it
/// looks.</remarks>
internal sealed unsafe class WireTap : IDisposable
{
    private const int PacketFamily = 17;                           // AF_PACKET
    private const int DatagramNonBlocking = 2 | 0x800 | 0x80000;   // SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC
    private const ushort AllProtocols = 0x0300;                    // htons(ETH_P_ALL)
    private const int SocketLevel = 1;                             // SOL_SOCKET
    private const int ReceiveBufferForce = 33;                     // SO_RCVBUFFORCE
    private const int StampNanoseconds = 35;                       // SO_TIMESTAMPNS
    private const int PacketLevel = 263;                           // SOL_PACKET
    private const int PacketStatistics = 6;                        // PACKET_STATISTICS
    private const byte PacketOutgoing = 4;                         // PACKET_OUTGOING
    private const int Batch = 128;
    private const int KeptBytes = 128;
    private const int AddressLength = 20;                          // struct sockaddr_ll
    private const int ControlLength = 64;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);
    private readonly SafeFileHandle _socket;
    private readonly BoundedLog<WirePacket> _packets;
    private readonly byte* _memory;
    private readonly LibC.Message* _messages;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _reading = new();
    private readonly Thread _thread;
    private long _dropped;

    /// <summary>Begins to listen. Call it in the device's network namespace.</summary>
    public WireTap(TunDevice device, int recordedPackets)
    {
        _packets = new BoundedLog<WirePacket>(recordedPackets);
        _socket = Open(device.Index);
        var perMessage = sizeof(LibC.Message) + sizeof(LibC.Part) + KeptBytes + AddressLength + ControlLength;
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(perMessage * Batch));
        _messages = (LibC.Message*)_memory;
        _thread = new Thread(Run) { IsBackground = true, Name = "lab wire tap" };
        _thread.Start();
    }

    /// <summary>
    /// All echo packets since the beginning, by the order in which they crossed; up to date when this returns.
    /// </summary>
    public ReadOnlySpan<WirePacket> Packets
    {
        get
        {
            lock (_reading)
            {
                Drain_NeedsLock();
            }
            return _packets.Written;
        }
    }

    /// <summary>
    /// How many packets are missing in <see cref="Packets"/>: the kernel dropped them, or they did not fit.
    /// </summary>
    public long Missing => Volatile.Read(ref _dropped) + _packets.Unrecorded;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _socket.Dispose();
        _stop.Dispose();
        NativeMemory.Free(_memory);
    }

    private static SafeFileHandle Open(int device)
    {
        // Made without a protocol, it hears nothing before it is bound, so no packet of another device slips in.
        var socket = new SafeFileHandle(
            LibC.Check(LibC.Socket(PacketFamily, DatagramNonBlocking, 0), "socket(AF_PACKET)"), true);
        var (buffer, on) = (64 << 20, 1);
        LibC.Check(LibC.SetOption(socket, SocketLevel, ReceiveBufferForce, &buffer, sizeof(int)), "SO_RCVBUFFORCE");
        LibC.Check(LibC.SetOption(socket, SocketLevel, StampNanoseconds, &on, sizeof(int)), "SO_TIMESTAMPNS");
        var address = stackalloc byte[AddressLength];
        new Span<byte>(address, AddressLength).Clear();
        *(ushort*)address = PacketFamily;
        *(ushort*)(address + 2) = AllProtocols;
        *(int*)(address + 4) = device;
        LibC.Check(LibC.Bind(socket, address, AddressLength), "bind of the packet socket");
        return socket;
    }

    private void Run()
    {
        while (!_stop.Wait(LookEvery))
        {
            lock (_reading)
            {
                Drain_NeedsLock();
            }
        }
    }

    private void Drain_NeedsLock()
    {
        for (; ; )
        {
            PrepareMessages();
            var received = LibC.ReceiveMany(_socket, _messages, Batch, 0, null);
            for (var index = 0; index < received; index++)
            {
                Keep(_messages + index);
            }
            if (received < Batch)
            {
                break;
            }
        }
        var statistics = stackalloc uint[2];   // struct tpacket_stats: packets, drops; reading clears them
        var length = 2u * sizeof(uint);
        LibC.Check(LibC.GetOption(_socket, PacketLevel, PacketStatistics, statistics, &length), "PACKET_STATISTICS");
        Volatile.Write(ref _dropped, _dropped + statistics[1]);
    }

    private void PrepareMessages()
    {
        var parts = (LibC.Part*)(_messages + Batch);
        var addresses = (byte*)(parts + Batch);
        var controls = addresses + (AddressLength * Batch);
        var packets = controls + (ControlLength * Batch);
        for (var index = 0; index < Batch; index++)
        {
            parts[index] = new LibC.Part { Start = packets + (KeptBytes * index), Length = KeptBytes };
            _messages[index] = new LibC.Message
            {
                Name = addresses + (AddressLength * index),
                NameLength = AddressLength,
                Parts = parts + index,
                PartCount = 1,
                Control = controls + (ControlLength * index),
                ControlLength = ControlLength,
            };
        }
    }

    private void Keep(LibC.Message* message)
    {
        var packet = new ReadOnlySpan<byte>(message->Parts->Start, (int)message->Received);
        if (EchoTrace.TryRead(packet, out var trace))
        {
            _packets.Add(new WirePacket(ReadStamp(message), message->Name[10] == PacketOutgoing, trace));
        }
    }

    /// <summary>
    /// The time in the one control message: its header is 16 bytes (length, level, type), then come seconds and
    /// nanoseconds.
    /// </summary>
    private static long ReadStamp(LibC.Message* message)
    {
        var control = new ReadOnlySpan<byte>(message->Control, (int)message->ControlLength);
        if (control.Length < 32 || BinaryPrimitives.ReadInt32LittleEndian(control[12..]) != StampNanoseconds)
        {
            throw new InvalidOperationException("the kernel gave a packet without its time");
        }
        return (BinaryPrimitives.ReadInt64LittleEndian(control[16..]) * 1_000_000_000)
            + BinaryPrimitives.ReadInt64LittleEndian(control[24..]);
    }
}
