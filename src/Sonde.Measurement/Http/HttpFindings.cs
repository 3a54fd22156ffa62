using System.Net;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Http;

/// <summary>What an HTTP probe found, answered or lost; of the last answer if it was redirected.</summary>
/// <param name="quantities">
/// The phases that came through, the phase in which the probe was lost, and over TLS <c>certificate</c>: the seconds
/// from the probe to the earliest expiry of the certificates, negative when one has expired.
/// </param>
public sealed class HttpFindings(IReadOnlyList<Finding> quantities) : ProbeFindings
{
    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Quantities { get; } = quantities;

    /// <summary>How long the phases took, summed over all hops.</summary>
    public HttpPhaseTimes Phases { get; init; }

    /// <summary>The status; 0 when no answer came.</summary>
    public int StatusCode { get; init; }

    /// <summary>The version of HTTP that the answer was in, for example 1.1; null when no answer came.</summary>
    public Version? HttpVersion { get; init; }

    /// <summary>The header <c>Content-Length</c>; −1 when there was none.</summary>
    public long ContentLength { get; init; } = -1;

    /// <summary>How many bytes of the body were read, counted when decompressed.</summary>
    public long BodyLength { get; init; }

    /// <summary>How many redirects were followed.</summary>
    public int Redirects { get; init; }

    /// <summary>Whether the last connection had TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>The header <c>Last-Modified</c>; null when there was none.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>
    /// SHA-256 of the body as far as it was read, decompressed, 64 hexadecimal digits in lower case; null when no
    /// answer came.
    /// </summary>
    public string? BodyHash { get; init; }

    /// <summary>Whether the pattern of a header or of the body lost the probe.</summary>
    public bool FailedByPattern { get; init; }

    /// <summary>What the last TLS handshake told; null without.</summary>
    public TlsFindings? Tls { get; init; }

    /// <summary>The address that was asked last, or the proxy's; null when there was none.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The requests in their order, at most 51.</summary>
    public IReadOnlyList<HttpHop> Hops { get; init; } = [];
}
