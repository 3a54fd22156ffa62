using System.Net.Sockets;
using System.Security.Authentication;

namespace Sonde.Measurement.Tls;

/// <summary>Says in words what an error on an open connection means, with TLS on it or without.</summary>
internal static class StreamFailure
{
    private const int TextShown = 160;

    /// <summary>
    /// Why the probe is lost, and a sentence where the reason does not say all; null: not the network's.
    /// </summary>
    public static (LossReason Loss, string? Detail)? Explain(Exception error) => (error, error.InnerException) switch
    {
        (SocketException socketError, _) => Explain(socketError),
        (_, SocketException socketError) => Explain(socketError),
        (AuthenticationException, var cause) => ExplainTls(cause ?? error),
        (_, { } cause) => ExplainTls(cause),
        (IOException, _) => (LossReason.Closed, "the peer closed the connection during the TLS handshake"),
        _ => null,
    };

    private static (LossReason Loss, string? Detail)? Explain(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
            or SocketError.NotConnected => (LossReason.Reset, null),
        SocketError.TimedOut => (LossReason.Timeout, null),
        SocketError.HostUnreachable or SocketError.HostDown => (LossReason.HostUnreachable, null),
        SocketError.NetworkUnreachable => (LossReason.NetworkUnreachable, null),
        _ => null,
    };

    private static (LossReason Loss, string? Detail)? ExplainTls(Exception cause)
    {
        var deepest = cause.InnerException ?? cause;
        return (LossReason.TlsHandshake, PrintableText.Quote(deepest.Message, TextShown)[1..^1]);
    }
}
