namespace Sonde.Measurement.Http;

/// <summary>Which version of HTTP is spoken.</summary>
public enum HttpVersionChoice
{
    /// <summary>Over TLS what the server prefers of 2 and 1.1 (ALPN, RFC 7301); without TLS 1.1.</summary>
    Negotiated,

    /// <summary>1.1; HTTP/2 is not offered.</summary>
    Http11,

    /// <summary>2 or nothing; without TLS with prior knowledge (RFC 9113 section 3.3).</summary>
    Http2,

    /// <summary>3 or nothing; where this machine has libmsquic 2.</summary>
    Http3,
}
