using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Tests.Tcp;

/// <summary>A server on loopback that does the same with every connection.</summary>
internal sealed class TcpServer : IDisposable
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<int> _lastRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TcpServer(IPAddress address, Func<Socket, CancellationToken, Task> serve)
    {
        _listener = Listen(address, 512);
        _ = Task.Run(() => AcceptAsync(serve));
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>
    /// How many bytes the server's last read of a connection that it holds gave; 0 is an orderly close, −1 a reset.
    /// </summary>
    public Task<int> LastRead => _lastRead.Task;

    /// <summary>Accepts and reads until the peer closes, and never speaks.</summary>
    public static TcpServer Silent(IPAddress? address = null)
    {
        TcpServer? server = null;
        server = new TcpServer(address ?? IPAddress.Loopback, (socket, stop) => server!.ReadToEndAsync(socket, stop));
        return server;
    }

    /// <summary>Closes each connection with a reset, after it read <paramref name="after"/> bytes.</summary>
    public static TcpServer Resetting(int after = 0) => new(IPAddress.Loopback, async (socket, stop) =>
    {
        if (after > 0)
        {
            _ = await socket.ReceiveAsync(new byte[after], stop);
        }
        socket.LingerState = new LingerOption(true, 0);
    });

    /// <summary>Sends these bytes, then reads until the peer closes.</summary>
    public static TcpServer Saying(byte[] bytes)
    {
        TcpServer? server = null;
        server = new TcpServer(IPAddress.Loopback, async (socket, stop) =>
        {
            await SendAsync(socket, bytes, stop);
            await server!.ReadToEndAsync(socket, stop);
        });
        return server;
    }

    /// <summary>Sends a line as soon as <paramref name="gate"/> opens.</summary>
    public static TcpServer SayingAfter(Task gate, string line) => new(IPAddress.Loopback, async (socket, stop) =>
    {
        await gate.WaitAsync(stop);
        await SendAsync(socket, Encoding.UTF8.GetBytes(line + "\r\n"), stop);
        _ = await socket.ReceiveAsync(new byte[1], stop);
    });

    /// <summary>Sends these bytes and closes.</summary>
    public static TcpServer SayingAndClosing(string text) => new(IPAddress.Loopback, async (socket, stop) =>
    {
        await SendAsync(socket, Encoding.UTF8.GetBytes(text), stop);
        socket.Shutdown(SocketShutdown.Both);
    });

    /// <summary>Greets, then answers every line with the line in capitals.</summary>
    public static TcpServer Shouting(string greeting)
    {
        TcpServer? server = null;
        server = new TcpServer(IPAddress.Loopback, async (socket, stop) =>
        {
            await using NetworkStream stream = new(socket);
            await server!.ShoutAsync(stream, greeting, stop);
        });
        return server;
    }

    /// <summary>The same over TLS.</summary>
    public static TcpServer ShoutingTls(X509Certificate2 certificate, string greeting)
    {
        TcpServer? server = null;
        server = new TcpServer(IPAddress.Loopback, async (socket, stop) =>
        {
            await using SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            await server!.ShoutAsync(stream, greeting, stop);
        });
        return server;
    }

    /// <summary>
    /// Speaks as a mail server does: EHLO offers STARTTLS, which is answered by <paramref name="consent"/> and TLS; in
    /// TLS, EHLO offers AUTH instead.
    /// </summary>
    public static TcpServer Mail(X509Certificate2 certificate, string consent = "220 go ahead\r\n")
    {
        TcpServer? server = null;
        server = new TcpServer(IPAddress.Loopback, async (socket, stop) =>
        {
            await using NetworkStream plain = new(socket);
            await SayAsync(plain, "220-mail.example\r\n220 ESMTP\r\n", stop);
            await ServeMailAsync(plain, "250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n", consent, stop);
            await using SslStream stream = new(plain, leaveInnerStreamOpen: true);
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            await ServeMailAsync(stream, "250-mail.example\r\n250 AUTH\r\n", "221 bye\r\n", stop);
            server!._lastRead.TrySetResult(await stream.ReadAsync(new byte[1], stop));
        });
        return server;
    }

    /// <summary>A listening socket that nobody accepts from.</summary>
    public static Socket Listen(IPAddress address, int backlog)
    {
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(backlog);
        return listener;
    }

    public TcpTarget Target(TlsSettings? tls = null, params TcpStep[] steps) => Target(Patient, tls, steps);

    public TcpTarget Target(TimeSpan timeout, TlsSettings? tls = null, params TcpStep[] steps) =>
        new(EndPoint.Address, EndPoint.Port, timeout, tls, steps);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, stop)..];
        }
    }

    /// <summary>Answers EHLO, and ends with the answer to anything else.</summary>
    private static async Task ServeMailAsync(Stream stream, string offers, string last, CancellationToken stop)
    {
        var line = new byte[100];
        while (true)
        {
            var length = await stream.ReadAsync(line, stop);
            var isGreeting = line.AsSpan(0, length).StartsWith("EHLO "u8);
            await SayAsync(stream, isGreeting ? offers : last, stop);
            if (!isGreeting)
            {
                return;
            }
        }
    }

    private static async Task SayAsync(Stream stream, string text, CancellationToken stop) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);

    private async Task AcceptAsync(Func<Socket, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token), serve);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(Socket socket, Func<Socket, CancellationToken, Task> serve)
    {
        using (socket)
        {
            try
            {
                await serve(socket, _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException
                or AuthenticationException)
            {
                _lastRead.TrySetResult(-1);
            }
        }
    }

    private async Task ReadToEndAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, stop) > 0)
        {
        }
        _lastRead.TrySetResult(0);
    }

    private async Task ShoutAsync(Stream stream, string greeting, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(greeting), stop);
        using StreamReader reader = new(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line.ToUpperInvariant() + "\r\n"), stop);
        }
        _lastRead.TrySetResult(0);
    }
}
