using System.Net;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Http;

/// <summary>Request and answer of one hop on its connection.</summary>
internal sealed class HopExchange(HopContext context, HopRequest request, HopConnection connection) : IDisposable
{
    private readonly PhaseLedger _phases = context.Phases;
    private SocketsHttpHandler? _handler;
    private HttpRequestMessage? _message;
    private StampedStream? _stream;

    /// <summary>The answer's header; null before it came.</summary>
    public HttpResponseMessage? Answer { get; private set; }

    /// <summary>The answer's body; null before it was read.</summary>
    public AnswerBody? Body { get; private set; }

    private Version Version => context.Target.Version == HttpVersionChoice.Http3 ? HttpVersion.Version30
        : connection.SpeaksHttp2 ? HttpVersion.Version20
        : HttpVersion.Version11;

    /// <summary>Sends the request and reads the header. The ledger stands at the transfer then.</summary>
    public async Task SendAsync()
    {
        _handler = MakeHandler();
        using HttpMessageInvoker invoker = new(_handler, disposeHandler: false);
        _message = request.MakeMessage(context.Target, Version);
        if (Version == HttpVersion.Version30)
        {
            AskAddress(_message);
        }
        Answer = await invoker.SendAsync(_message, context.Deadline);
        if (!TryBookBeginning())
        {
            _phases.End(LibCClock.ReadBootTime(), HttpPhase.Transfer);
        }
        LookAtLateness();
    }

    /// <summary>Reads the body and ends the transfer.</summary>
    public async Task ReadBodyAsync()
    {
        Body = await AnswerBody.ReadAsync(Answer!.Content, context.Target, context.Deadline);
        EndTransfer();
    }

    /// <summary>The transfer ends here, with the body or without.</summary>
    public void EndTransfer()
    {
        _phases.End(LibCClock.ReadBootTime(), HttpPhase.Transfer);
        LookAtLateness();
    }

    /// <summary>
    /// Books the processing if the first byte of an answer by HTTP/1 came; what goes on then is the transfer.
    /// </summary>
    public bool TryBookBeginning()
    {
        if (_stream is not { FirstReadAt: > 0 } || Version.Major != 1 || _phases.Current != HttpPhase.Processing)
        {
            return false;
        }
        _phases.End(_stream.FirstReadAt, HttpPhase.Transfer);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Answer?.Dispose();
        _message?.Dispose();
        _handler?.Dispose();
    }

    /// <summary>
    /// A handler for one request: it takes the connection as it stands, and does nothing on its own: no redirects,
    /// cookies, credentials, trace headers, second connections.
    /// </summary>
    private SocketsHttpHandler MakeHandler()
    {
        var proxy = request.IsTls ? null : context.Target.Proxy;   // TLS goes through a tunnel that stands already
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : new WebProxy(proxy),
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseDrainSize = 0,
            ConnectCallback = (_, _) => new(connection.Give()),
            PlaintextStreamFilter = (plain, _) => new(_stream = new(plain.PlaintextStream, context.Deadline)),
        };
        if (Version == HttpVersion.Version30)
        {
            handler.SslOptions = TlsOptions.Make(context, request).Options;
        }
        return handler;
    }

    /// <summary>
    /// By HTTP/3 the handler connects itself, so it is given the address that we have resolved.
    /// </summary>
    private void AskAddress(HttpRequestMessage message)
    {
        message.Headers.Host ??= request.Uri.Authority;
        message.RequestUri = new UriBuilder(request.Uri) { Host = connection.Address!.ToString() }.Uri;
    }

    private void LookAtLateness()
    {
        if (connection.Socket is { } socket)
        {
            context.Lateness.Arrived(socket);
        }
    }
}
