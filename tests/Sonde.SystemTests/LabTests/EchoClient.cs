using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sonde.SystemTests.Lab;

namespace Sonde.SystemTests.LabTests;

/// <summary>A plain raw socket that sends echo requests, to prove the lab without the product.</summary>
internal sealed class EchoClient : IDisposable
{
    private readonly bool _isV6;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[70_000];

    public EchoClient(SimulatedNetwork network, bool isV6)
    {
        _isV6 = isV6;
        _socket = isV6
            ? new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6)
            : new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
        _socket.ReceiveBufferSize = 4 << 20;
        _socket.Bind(new IPEndPoint(isV6 ? network.Addresses.Own6 : network.Addresses.Own4, 0));
    }

    /// <summary>One packet that came back, from its ICMP header on.</summary>
    public sealed record Received(IPAddress From, byte[] Icmp, byte[] IpHeader)
    {
        public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(Icmp.AsSpan(4));

        public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(Icmp.AsSpan(6));

        public ReadOnlySpan<byte> Payload => Icmp.AsSpan(8);
    }

    /// <summary>The payload of a request: counts up from the sequence number.</summary>
    public static byte[] Payload(ushort sequence, int size) =>
        [.. Enumerable.Range(sequence, size).Select(value => (byte)value)];

    public void Send(IPAddress host, ushort identifier, ushort sequence, int payloadSize = 56) =>
        Send(new IPEndPoint(host, 0).Serialize(), identifier, sequence, Payload(sequence, payloadSize));

    /// <summary>Sends without making garbage but the first time.</summary>
    public void Send(SocketAddress host, ushort identifier, ushort sequence, ReadOnlySpan<byte> payload)
    {
        var packet = _buffer.AsSpan(0, 8 + payload.Length);
        packet[..8].Clear();
        packet[0] = _isV6 ? (byte)128 : (byte)8;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], sequence);
        payload.CopyTo(packet[8..]);
        // of IPv6 the kernel's own replaces it
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], InternetChecksum.Of(packet));
        _socket.SendTo(packet, SocketFlags.None, host);
    }

    /// <summary>Receives so many packets, or what has come after two seconds.</summary>
    public List<Received> Receive(int count)
    {
        var received = new List<Received>();
        var time = Stopwatch.StartNew();
        while (received.Count < count && time.ElapsedMilliseconds < 2000)
        {
            if (_socket.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead))
            {
                EndPoint from = new IPEndPoint(_isV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
                var length = _socket.ReceiveFrom(_buffer, ref from);
                var header = _isV6 ? 0 : (_buffer[0] & 15) * 4;
                // neighbour discovery
                var isReply = length > header && _buffer[header] != 135 && _buffer[header] != 136;
                if (isReply)
                {
                    received.Add(new Received(
                        ((IPEndPoint)from).Address, _buffer[header..length], _buffer[..header]));
                }
            }
        }
        return received;
    }

    public void Dispose() => _socket.Dispose();
}
