using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sonde.Measurement;
using Sonde.Measurement.Http;
using Sonde.Measurement.Timing;
using Sonde.Measurement.Tls;

namespace Sonde.Cli;

/// <summary>
/// Asks this process itself once over HTTP, before the first URL: code that runs for the first time is compiled and
/// loaded then, which takes half a second, and would be measured as the first probe's.
/// </summary>
internal sealed class PingWarmUp : IProbeObserver
{
    private const string Name = "localhost";
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private bool _isOver;

    /// <summary>Returns when it is warm, or after 2 s; what goes wrong is of no consequence.</summary>
    /// <param name="withTls">Whether TLS is warmed, too.</param>
    public static void Run(bool withTls)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var bound = new CancellationTokenSource(Patience);
        var answering = AnswerAsync(listener, withTls, bound.Token);
        new PingWarmUp().Ask(((IPEndPoint)listener.LocalEndpoint).Port, withTls);
        bound.Cancel();
        answering.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Ended(long ticket, ProbeTarget target, in ProbeResult result) => _isOver = true;

    /// <inheritdoc/>
    public void CameAgain(long ticket, ProbeTarget target)
    {
        // of no consequence
    }

    /// <inheritdoc/>
    public void CameLate(long ticket, ProbeTarget target)
    {
        // of no consequence
    }

    private void Ask(int port, bool withTls)
    {
        var clock = new MeasurementClock();
        var url = new UriBuilder(withTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Name, port).Uri;
        using var prober = new HttpProber(clock, this);
        using var wait = new WakeableWait();
        prober.Begin(0, new HttpTarget(url, Patience) { Family = HttpFamily.IPv4, Tls = new TlsSettings(Name, false) });
        while (!_isOver)
        {
            var now = clock.Now;
            wait.WaitUntil(now + (Patience.Ticks * TimeSpan.NanosecondsPerTick), now, [prober.WakeFileDescriptor]);
            _ = prober.Advance();
        }
    }

    private static async Task AnswerAsync(TcpListener listener, bool withTls, CancellationToken cancellationToken)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync(cancellationToken);
            await using Stream stream = withTls
                ? await SpeakTlsAsync(client.GetStream(), cancellationToken)
                : client.GetStream();
            _ = await stream.ReadAsync(new byte[1024], cancellationToken);
            await stream.WriteAsync(Answer, cancellationToken);
            _ = await stream.ReadAsync(new byte[1], cancellationToken);
        }
        catch (Exception error) when (
            error is IOException or SocketException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException)
        {
            // then the first probe is slow, and marked suspect
        }
    }

    private static async Task<SslStream> SpeakTlsAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
        return tls;
    }
}
