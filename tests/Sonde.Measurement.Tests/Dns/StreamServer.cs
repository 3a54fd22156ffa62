using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Sonde.Measurement.Tests.Dns;

/// <summary>
/// A name server over TCP or TLS on loopback: what it does with the stream of each connection, after it read a query.
/// </summary>
internal sealed class StreamServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Stream, byte[], CancellationToken, Task> _serve;
    private readonly X509Certificate2? _certificate;

    public StreamServer(
        Func<Stream, byte[], CancellationToken, Task> serve, X509Certificate2? certificate = null, int port = 0)
    {
        (_serve, _certificate) = (serve, certificate);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>A server that answers each query with these bytes behind their length, then waits for the end.</summary>
    public StreamServer(Func<byte[], byte[]> answer, X509Certificate2? certificate = null, int port = 0)
        : this(
            async (stream, query, stop) =>
            {
                await stream.WriteAsync(Answers.Framed(answer(query)), stop);
                _ = await stream.ReadAsync(new byte[1], stop);
            },
            certificate, port)
    {
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using NetworkStream plain = new(socket, ownsSocket: true);
        try
        {
            await using var secured = _certificate is null ? null : new SslStream(plain);
            if (secured is not null)
            {
                await secured.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            }
            var stream = secured ?? (Stream)plain;
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query, _stop.Token);
            await _serve(stream, query, _stop.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException
            or AuthenticationException)
        {
            return;
        }
    }
}
