namespace Sonde.Measurement.Http;

/// <summary>What an answer must be like for the probe to count as answered.</summary>
public sealed record HttpExpectations
{
    /// <summary>How long a pattern may take: far above what a linear one needs for a body of 10 MB.</summary>
    internal static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The statuses that are right; default 200 to 299.</summary>
    public IReadOnlyList<HttpStatusRange> Statuses { get; init; } = [HttpStatusRange.Success];

    /// <summary>The versions of HTTP that are right, for example 1.1 and 2.0; empty, the default, for all.</summary>
    public IReadOnlyList<Version> HttpVersions { get; init; } = [];

    /// <summary>What headers must or must not match; default nothing.</summary>
    public IReadOnlyList<HttpHeaderExpectation> Headers { get; init; } = [];

    /// <summary>What the body must or must not match; default nothing.</summary>
    public IReadOnlyList<HttpBodyExpectation> Bodies { get; init; } = [];

    /// <summary>Values that a JSON body must have; default none.</summary>
    public IReadOnlyList<HttpJsonExpectation> JsonValues { get; init; } = [];

    /// <summary>The least number of bytes of the decompressed body; null for any.</summary>
    public long? MinimumSize { get; init; }

    /// <summary>The greatest number of bytes of the decompressed body; null for any.</summary>
    public long? MaximumSize { get; init; }

    /// <summary>Whether an answer over TLS loses the probe; default false.</summary>
    public bool FailsIfTls { get; init; }

    /// <summary>Whether an answer without TLS loses the probe; default false.</summary>
    public bool FailsIfNotTls { get; init; }

    /// <summary>Whether the body itself is looked at, so that it must be kept.</summary>
    internal bool NeedsBody => Bodies.Count > 0 || JsonValues.Count > 0;
}
