using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Sonde.Measurement.Sockets;
using Sonde.Measurement.Timing;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Http;

/// <summary>The fresh connection of one hop: resolve, connect, and TLS if the URL asks for it.</summary>
internal sealed class HopConnection(HopContext context, HopRequest request) : IDisposable
{
    private readonly PhaseLedger _phases = context.Phases;
    private Stream? _stream;
    private bool _isGiven;

    /// <summary>The address that is asked, or the proxy's; null while unknown.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>The socket; null before the connect.</summary>
    public Socket? Socket { get; private set; }

    /// <summary>What the TLS handshake told; null without one.</summary>
    public TlsFindings? Tls { get; private set; }

    /// <summary>Whether HTTP/2 is spoken: the server chose it, or without TLS it is asked for.</summary>
    public bool SpeaksHttp2 => _stream is SslStream secured
        ? secured.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2
        : context.Target.Version == HttpVersionChoice.Http2;

    /// <summary>Whether a second connection was asked for, which there never is.</summary>
    public bool WasAskedAgain { get; private set; }

    /// <summary>Opens it. The ledger stands at <see cref="HttpPhase.Processing"/> then.</summary>
    /// <returns>Null, or why it failed.</returns>
    public async Task<HttpOutcome?> OpenAsync() =>
        await ResolveAsync() ?? await ConnectAsync() ?? await TunnelAsync() ?? await SecureAsync();

    /// <summary>Finds the address. The ledger stands at <see cref="HttpPhase.Connect"/> then.</summary>
    public async Task<HttpOutcome?> ResolveAsync()
    {
        var asked = context.Target.Proxy ?? request.Uri;
        var isOwn = request.IsOwnOrigin && context.Target.Proxy is null;
        if (isOwn && context.Target.PinnedAddress is { } pinned)
        {
            Address = pinned;
            _phases.Enter(HttpPhase.Connect);
            return null;
        }
        var isNamed = asked.HostNameType == UriHostNameType.Dns;
        _phases.Enter(isNamed ? HttpPhase.Resolve : HttpPhase.Connect);
        var lastGood = isOwn ? context.Target.LastGoodAddress : null;
        (Address, var failed) = await HopAddress.FindAsync(context, asked, lastGood);
        if (isNamed && failed is null)
        {
            _phases.End(LibCClock.ReadBootTime(), HttpPhase.Connect);
        }
        return failed;
    }

    /// <summary>The stream, once; a request is never repeated on another connection.</summary>
    /// <exception cref="IOException">It was given already.</exception>
    public Stream Give()
    {
        WasAskedAgain = _isGiven;
        _isGiven = true;
        return WasAskedAgain ? throw new IOException("A probe has one connection for a hop.") : _stream!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        Socket?.Dispose();
    }

    private async Task<HttpOutcome?> ConnectAsync()
    {
        var port = (context.Target.Proxy ?? request.Uri).Port;
        var startedAt = LibCClock.ReadBootTime();
        var isLocal = true;
        try
        {
            Socket = new Socket(Address!.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var connecting = Socket.ConnectAsync(new IPEndPoint(Address, port), context.Deadline);
            isLocal = connecting.IsCompleted;   // connect(2) itself failed: no packet left
            await connecting;
        }
        catch (SocketException error)
        {
            var result = isLocal
                ? ConnectFailure.BeforeSending(0, error.NativeErrorCode)
                : ConnectFailure.AfterSending(0, error.NativeErrorCode);
            return new HttpOutcome(result.Loss, result.Detail, result.NotSent);
        }
        var connectedAt = LibCClock.ReadBootTime();
        context.Lateness.Connected(Socket, connectedAt - startedAt);
        _stream = new NetworkStream(Socket, ownsSocket: true);
        if (context.Target.Proxy is null || !request.IsTls)
        {
            _phases.End(connectedAt, request.IsTls ? HttpPhase.Tls : HttpPhase.Processing);
        }
        return null;
    }

    /// <summary>Asks the proxy for a tunnel if TLS is to go through it.</summary>
    private async Task<HttpOutcome?> TunnelAsync()
    {
        if (context.Target.Proxy is null || !request.IsTls)
        {
            return null;
        }
        var failed = await ProxyTunnel.OpenAsync(_stream!, request.Uri, context.Deadline);
        if (failed is null)
        {
            _phases.End(LibCClock.ReadBootTime(), HttpPhase.Tls);
        }
        return failed;
    }

    private async Task<HttpOutcome?> SecureAsync()
    {
        if (!request.IsTls)
        {
            return null;
        }
        var (options, judge) = TlsOptions.Make(context, request);
        SslStream secured = new(_stream!, leaveInnerStreamOpen: false);
        _stream = secured;
        try
        {
            await secured.AuthenticateAsClientAsync(options, context.Deadline);
        }
        catch (Exception error) when (!context.Deadline.IsCancellationRequested)
        {
            return judge.Fault is { } fault
                ? new HttpOutcome(LossReason.TlsCertificate, fault)
                : HttpFailure.OfStream(error);
        }
        finally
        {
            Tls = judge.Findings;
        }
        _phases.End(LibCClock.ReadBootTime(), HttpPhase.Processing);
        judge.Complete(secured);
        Tls = judge.Findings;
        return context.Target.Version == HttpVersionChoice.Http2 && !SpeaksHttp2
            ? new HttpOutcome(LossReason.UnexpectedAnswer, "the server does not speak HTTP/2")
            : null;
    }
}
