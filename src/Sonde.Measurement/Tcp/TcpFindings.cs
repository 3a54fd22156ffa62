using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Tcp;

/// <summary>What a TCP probe with TLS or a dialogue found, answered or lost.</summary>
/// <param name="quantities">
/// Over TLS <c>certificate</c>: the seconds from the probe to the earliest expiry of the certificates, negative when
/// one has expired.
/// </param>
public sealed class TcpFindings(IReadOnlyList<Finding> quantities) : ProbeFindings
{
    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Quantities { get; } = quantities;

    /// <summary>What the TLS handshake told; null without one, or when no certificate came.</summary>
    public TlsFindings? Tls { get; init; }

    /// <summary>Whether a pattern lost the probe: the peer closed, and no line had matched.</summary>
    public bool FailedByPattern { get; init; }

    /// <summary>
    /// The labels of the last step that had some and whose pattern matched (<see cref="TcpStep.Labels"/>), filled;
    /// empty when there was none.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];
}
