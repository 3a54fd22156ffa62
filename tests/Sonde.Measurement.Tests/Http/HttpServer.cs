using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sonde.Measurement.Tests.Http;

/// <summary>A server on loopback that does what a test says with each connection, byte by byte.</summary>
internal sealed class HttpServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Visit, Task> _serve;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly List<string> _requests = [];

    /// <summary>Serves each connection.</summary>
    /// <param name="serve">Is called before anything was read.</param>
    /// <param name="certificate">Speaks TLS first, if given.</param>
    /// <param name="tls">The other settings of TLS.</param>
    public HttpServer(
        Func<Visit, Task> serve, X509Certificate2? certificate = null, SslServerAuthenticationOptions? tls = null)
    {
        _serve = serve;
        _tls = certificate is null ? null : tls ?? new SslServerAuthenticationOptions();
        _tls?.ServerCertificate = certificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        _ = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The heads of the requests so far, in their order.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Reads each request's head, sends these bytes and closes.</summary>
    public static HttpServer Answering(string answer, X509Certificate2? certificate = null) =>
        Answering(Encoding.Latin1.GetBytes(answer), certificate);

    /// <summary>Reads each request's head, sends these bytes and closes.</summary>
    public static HttpServer Answering(byte[] answer, X509Certificate2? certificate = null) => new(
        async visit =>
        {
            _ = await visit.ReadHeadAsync();
            await visit.SendAsync(answer);
        },
        certificate);

    /// <summary>A complete answer of status 200.</summary>
    public static string Ok(string body, string headers = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public Uri Url(string path = "/", string host = "127.0.0.1") =>
        new($"{(_tls is null ? "http" : "https")}://{host}:{Port}{path}");

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
        using (socket)
        {
            try
            {
                await using NetworkStream plain = new(socket);
                await using var secured = _tls is null ? null : new SslStream(plain);
                if (secured is not null)
                {
                    await secured.AuthenticateAsServerAsync(_tls!, _stop.Token);
                }
                await _serve(new Visit(this, socket, (Stream?)secured ?? plain));
                await (secured?.ShutdownAsync() ?? Task.CompletedTask);
                socket.Shutdown(SocketShutdown.Send);
                while (await plain.ReadAsync(new byte[4096], _stop.Token) > 0)
                {
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException
                or AuthenticationException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>One connection.</summary>
    public sealed class Visit(HttpServer server, Socket socket, Stream stream)
    {
        public Stream Stream => stream;

        public CancellationToken Stop => server._stop.Token;

        /// <summary>Reads up to the empty line, and notes it; empty when the peer closed.</summary>
        public async Task<string> ReadHeadAsync()
        {
            StringBuilder head = new();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await stream.ReadAsync(one, Stop) == 0)
                {
                    return "";
                }
                head.Append((char)one[0]);
            }
            lock (server._requests)
            {
                server._requests.Add(head.ToString());
            }
            return head.ToString();
        }

        public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

        public async Task SendAsync(byte[] bytes)
        {
            await stream.WriteAsync(bytes, Stop);
            await stream.FlushAsync(Stop);
        }

        /// <summary>Waits until the test ends.</summary>
        public Task HangAsync() => Task.Delay(Timeout.Infinite, Stop);

        /// <summary>Closes the connection with a reset.</summary>
        public void Reset() => socket.Close(0);
    }
}
