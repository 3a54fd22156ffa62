using System.Net;
using System.Net.Sockets;

namespace Sonde.Measurement.Tests.Dns;

/// <summary>A name server over UDP on loopback that does with every query what it was made to do.</summary>
internal sealed class DatagramServer : IDisposable
{
    private readonly Socket _socket;
    private readonly Action<Query> _serve;
    private readonly Thread _thread;

    public DatagramServer(Action<Query> serve, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        _serve = serve;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        _socket.Bind(new IPEndPoint(address, 0));
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>A server that sends one answer to each query.</summary>
    public DatagramServer(Func<byte[], byte[]> answer, IPAddress? address = null)
        : this(query => query.Send(answer(query.Bytes)), address)
    {
    }

    public EndPoint EndPoint => _socket.LocalEndPoint!;

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    private void Run()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                EndPoint asker = new IPEndPoint(IPAddress.Any, 0).Create(_socket.LocalEndPoint!.Serialize());
                var length = _socket.ReceiveFrom(buffer, ref asker);
                _serve(new Query(_socket, asker, buffer[..length]));
            }
        }
        catch (SocketException)
        {
            return;   // it was closed
        }
        catch (ObjectDisposedException)
        {
            return;
        }
    }

    /// <summary>A query, with whom it came from.</summary>
    internal sealed record Query(Socket Socket, EndPoint Asker, byte[] Bytes)
    {
        public void Send(byte[] answer) => Socket.SendTo(answer, Asker);
    }
}
