using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Http;

/// <summary>Says in words why a probe failed. Nothing that the server sent is repeated: it may echo a secret.</summary>
internal static class HttpFailure
{
    private static readonly string[] Http2Errors =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ];

    /// <summary>The time is up.</summary>
    /// <param name="timeout">How long that was.</param>
    /// <param name="phase">The phase that went on.</param>
    public static HttpOutcome TimedOut(TimeSpan timeout, HttpPhase phase)
    {
        var doing = phase switch
        {
            HttpPhase.Resolve => "resolving the name",
            HttpPhase.Connect => "connecting",
            HttpPhase.Tls => "in the TLS handshake",
            HttpPhase.Processing => "waiting for the first byte",
            _ => "reading the answer",
        };
        var limit = string.Create(CultureInfo.InvariantCulture, $"{timeout.TotalSeconds:0.###} s");
        return new HttpOutcome(LossReason.Timeout, $"no answer within {limit}: {doing}");
    }

    /// <summary>The connection failed before HTTP was spoken on it.</summary>
    public static HttpOutcome OfStream(Exception error) => StreamFailure.Explain(error) is { } known
        ? new HttpOutcome(known.Loss, known.Detail)
        : HttpOutcome.Unmeasured(NotSentReason.Failed, error.GetType().Name);

    /// <summary>Asking or reading failed.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="hasBegun">Whether the answer had begun.</param>
    public static HttpOutcome OfAnswer(Exception error, bool hasBegun)
    {
        List<Exception> causes = [];
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            causes.Add(cause);
        }
        if (causes.OfType<HttpProtocolException>().FirstOrDefault() is { } protocol)
        {
            return new HttpOutcome(LossReason.BrokenAnswer, Explain(protocol));
        }
        return causes.Select(cause => Explain(cause, hasBegun)).FirstOrDefault(outcome => outcome is not null)
            ?? (error is HttpRequestException or IOException
                ? new HttpOutcome(LossReason.BrokenAnswer, "the server ended the exchange")
                : HttpOutcome.Unmeasured(NotSentReason.Failed, error.GetType().Name));
    }

    /// <summary>The peer closed the connection too early.</summary>
    public static HttpOutcome Closed(bool hasBegun) => new(
        LossReason.Closed,
        hasBegun ? "the peer closed the connection within the answer" : "the peer closed the connection unanswered");

    private static HttpOutcome? Explain(Exception cause, bool hasBegun) => cause switch
    {
        HttpIOException io => Explain(io.HttpRequestError, hasBegun),
        HttpRequestException request => Explain(request.HttpRequestError, hasBegun),
        InvalidDataException => new(LossReason.BrokenAnswer, "the compressed body is broken"),
        SocketException or AuthenticationException => OfStream(cause),
        IOException { InnerException: { } inner } when inner is not IOException => OfStream(cause),
        IOException { InnerException: null } => Closed(hasBegun),
        _ => null,
    };

    private static HttpOutcome? Explain(HttpRequestError? error, bool hasBegun) => error switch
    {
        HttpRequestError.ResponseEnded => Closed(hasBegun),
        HttpRequestError.InvalidResponse => new(
            LossReason.BrokenAnswer, hasBegun ? "the answer breaks HTTP" : "the answer is not HTTP"),
        HttpRequestError.HttpProtocolError => new(LossReason.BrokenAnswer, "the answer breaks HTTP/2"),
        HttpRequestError.ConfigurationLimitExceeded => new(LossReason.BrokenAnswer, "the header is larger than 64 KiB"),
        _ => null,
    };

    private static string Explain(HttpProtocolException error)
    {
        var name = error.ErrorCode >= 0 && error.ErrorCode < Http2Errors.Length
            ? Http2Errors[error.ErrorCode]
            : error.ErrorCode.ToString(CultureInfo.InvariantCulture);
        return $"the server reset the stream or the connection: {name}";
    }
}
