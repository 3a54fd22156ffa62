using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary>The checks as they stand now.</summary>
internal interface ICheckBoard
{
    /// <summary>All checks in the order of the configuration.</summary>
    IReadOnlyList<CheckView> All(long nowMilliseconds);

    /// <summary>One check; null when there is none of that id.</summary>
    CheckView? Find(CheckId id, long nowMilliseconds);
}

/// <summary>The samples as they arrive, for readers that may be slow: the oldest are dropped for who cannot follow.</summary>
internal interface ILiveSamples
{
    /// <summary>Yields what arrives, in batches, until cancelled.</summary>
    /// <param name="after">The id of the last batch that the reader has seen; null = from now on.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<LiveBatch> ReadAsync(long? after, CancellationToken cancellationToken);
}

/// <summary>Samples that arrived together.</summary>
/// <param name="Id">Grows with every batch; a reader resumes after it.</param>
/// <param name="IsReset">True when batches before this one are lost to the reader: it must fetch anew.</param>
/// <param name="Samples">The samples; the next batch may use the memory again.</param>
internal readonly record struct LiveBatch(long Id, bool IsReset, ReadOnlyMemory<Sample> Samples);
