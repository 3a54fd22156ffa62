using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Configuration;

namespace Sonde.Observability;

/// <summary>
/// The way to the collector: bears the configured headers, asks nobody else, and says in the log when it fails: at
/// once, then every ten minutes, and when it works again. Any thread.
/// </summary>
internal sealed partial class OtlpWatch(OtlpConfiguration settings, TimeProvider time)
{
    /// <summary>How long one request may take: 10 s.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Time between two lines about the same outage.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(10);

    private readonly string _endpoint = UrlText.WithoutQuery(settings.Endpoint);
    private readonly Lock _lock = new();
    private DateTimeOffset? _toldAt;
    private string? _failedPath;

    /// <summary>Told of outages; set once there is a log, which itself is sent this way.</summary>
    public ILogger<OtlpWatch> Logger { get; set; } = NullLogger<OtlpWatch>.Instance;

    /// <summary>A client for one kind of what is sent; the caller disposes it.</summary>
    public HttpClient MakeClient() => new(
        new Watched(this, new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a new address of the name is seen
        }))
    {
        Timeout = Timeout,
    };

    private void AddHeaders(HttpRequestMessage request) => settings.Headers.AddTo(request);

    private void Fail(string path, string problem)
    {
        lock (_lock)
        {
            _failedPath ??= path;
            if (_toldAt is { } toldAt && time.GetUtcNow() - toldAt < TellEvery)
            {
                return;
            }
            _toldAt = time.GetUtcNow();
        }
        LogFailed(Logger, _endpoint, problem);
    }

    /// <summary>The outage is over when the kind of request works that failed first: the others may work all
    /// along.</summary>
    private void Succeed(string path)
    {
        lock (_lock)
        {
            if (_failedPath != path)
            {
                return;
            }
            _failedPath = null;
            _toldAt = null;
        }
        LogWorks(Logger, _endpoint);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Endpoint} takes no telemetry, which is dropped; measuring goes on: {Problem}")]
    private static partial void LogFailed(ILogger logger, string endpoint, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint} takes telemetry again")]
    private static partial void LogWorks(ILogger logger, string endpoint);

    private sealed class Watched(OtlpWatch watch, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        /// <summary>Where gRPC says how a call went that was refused as a whole.</summary>
        private const string GrpcStatus = "grpc-status";

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            watch.AddHeaders(request);
            try
            {
                return Judge(request, base.Send(request, cancellationToken));
            }
            catch (Exception error) when (Note(request, error))
            {
                throw; // the exporter drops what it could not send
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            watch.AddHeaders(request);
            try
            {
                return Judge(request, await base.SendAsync(request, cancellationToken));
            }
            catch (Exception error) when (Note(request, error))
            {
                throw; // as above
            }
        }

        private HttpResponseMessage Judge(HttpRequestMessage request, HttpResponseMessage response)
        {
            if (!response.IsSuccessStatusCode)
            {
                var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
                watch.Fail(PathOf(request), $"it answers {status}");
            }
            else if (response.Headers.TryGetValues(GrpcStatus, out var codes) && codes.First() is not "0" and var code)
            {
                watch.Fail(PathOf(request), $"it answers gRPC status {code}");
            }
            else
            {
                watch.Succeed(PathOf(request));
            }
            return response;
        }

        private bool Note(HttpRequestMessage request, Exception error)
        {
            watch.Fail(PathOf(request), error is OperationCanceledException
                ? "no answer in time" : error.GetBaseException().Message);
            return false;
        }

        private static string PathOf(HttpRequestMessage request) => request.RequestUri!.AbsolutePath;
    }
}
