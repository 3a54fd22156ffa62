namespace Sonde.Measurement.Http;

/// <summary>A part of a probe's time. The parts have no holes: their sum is the round-trip time.</summary>
public enum HttpPhase
{
    /// <summary>Asking the resolver for the host's address; none when the URL has an address.</summary>
    Resolve,

    /// <summary>
    /// From then until the connection stands: the TCP handshake, and with a proxy its answer to CONNECT.
    /// </summary>
    Connect,

    /// <summary>The TLS handshake; none without TLS.</summary>
    Tls,

    /// <summary>
    /// From then until the answer begins: sending the request, and the server's thinking. It ends with the first byte
    /// of an answer by HTTP/1, and with the complete header by HTTP/2 and 3, where other frames come before it.
    /// </summary>
    Processing,

    /// <summary>From then to the end of the body; of an answer that redirects, to the end of its header.</summary>
    Transfer,
}
