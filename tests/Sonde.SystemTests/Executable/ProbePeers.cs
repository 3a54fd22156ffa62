using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sonde.SystemTests.Executable;

/// <summary>A server that greets as SSH does, and a name server with one zone, on free ports of loopback.</summary>
internal sealed class ProbePeers : IDisposable
{
    private readonly TcpListener _banner = new(IPAddress.Loopback, 0);
    private readonly UdpClient _resolver = new(new IPEndPoint(IPAddress.Loopback, 0));

    public ProbePeers()
    {
        _banner.Start();
        _ = GreetAsync();
        _ = ResolveAsync();
    }

    /// <summary>Where the greeting is: <c>host:port</c>.</summary>
    public string Banner => _banner.LocalEndpoint.ToString()!;

    /// <summary>Where the name server is: <c>host:port</c>.</summary>
    public string Resolver => _resolver.Client.LocalEndPoint!.ToString()!;

    public void Dispose()
    {
        _banner.Dispose();
        _resolver.Dispose();
    }

    /// <summary>Two lines, then the end.</summary>
    private async Task GreetAsync()
    {
        try
        {
            while (true)
            {
                using var peer = await _banner.AcceptSocketAsync();
                await peer.SendAsync("noise\r\nSSH-2.0-test\r\n"u8.ToArray());
                peer.Shutdown(SocketShutdown.Send);
                _ = await peer.ReceiveAsync(new byte[100]);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return;   // the test has ended
        }
    }

    private async Task ResolveAsync()
    {
        try
        {
            while (true)
            {
                var query = await _resolver.ReceiveAsync();
                await _resolver.SendAsync(Answer(query.Buffer), query.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return;   // the test has ended
        }
    }

    /// <summary>One record: the address, or the SOA record where that is asked for.</summary>
    private static byte[] Answer(byte[] query)
    {
        var question = query.AsSpan(12, query.AsSpan(12).IndexOf((byte)0) + 5);
        var type = BinaryPrimitives.ReadUInt16BigEndian(question[^4..]);
        byte[] record = type == 6
            ? [0, 24, 0xc0, 12, 0xc0, 12, 0x78, 0xa4, 0x05, 0x35, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4]
            : [0, 4, 192, 0, 2, 1];
        return
        [
            query[0], query[1], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, .. question,
            0xc0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, .. record,
        ];
    }
}
