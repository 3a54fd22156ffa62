using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sonde.Measurement.Http;

namespace Sonde.Benchmarks.Peers;

/// <summary>An HTTP server with a thread of its own that waits just where it is told to, to some 60 µs.</summary>
internal sealed class DelayingHttpServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ExactDelay _delay;
    private readonly X509Certificate2? _certificate;
    private readonly Thread _thread;

    /// <summary>Listens on an address of this machine.</summary>
    public DelayingHttpServer(IPAddress address, TimeSpan delay, bool isTls)
    {
        _delay = new ExactDelay(delay);
        _certificate = isTls ? MakeCertificate() : null;
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen(64);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where it waits; null for nowhere. Resolve and connect are not its own.</summary>
    public HttpPhase? Delayed { get; set; }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
        _delay.Dispose();
        _certificate?.Dispose();
    }

    private void Serve()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                using var socket = _listener.Accept();
                socket.NoDelay = true;
                using NetworkStream plain = new(socket);
                using var secured = _certificate is null ? null : new SslStream(plain);
                WaitIn(HttpPhase.Tls);
                secured?.AuthenticateAsServer(_certificate!);
                Answer((Stream?)secured ?? plain, buffer);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return;   // the listener was closed
        }
    }

    private void Answer(Stream stream, byte[] buffer)
    {
        _ = stream.Read(buffer);
        WaitIn(HttpPhase.Processing);
        stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh"u8);
        WaitIn(HttpPhase.Transfer);
        stream.Write("ello"u8);
        _ = stream.Read(buffer);
    }

    private void WaitIn(HttpPhase phase)
    {
        if (Delayed == phase)
        {
            _delay.Wait();
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=delay.test", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
