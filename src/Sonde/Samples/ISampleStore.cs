using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>
/// Keeps every sample. What <see cref="AppendAsync"/> has acknowledged survives kill -9 and power loss.
/// </summary>
/// <remarks>
/// Appends come from one caller at a time; reads from any thread, also while appending. Any method throws
/// <see cref="StoreUnavailableException"/> with a sentence for people when the disk is full, the directory cannot be
/// written, or the database is gone; nothing of the batch is then acknowledged, and appending it again later changes
/// nothing that was stored.
/// </remarks>
internal interface ISampleStore : IAsyncDisposable
{
    /// <summary>Opens the store (creating it if need be) and begins a run.</summary>
    /// <returns>The first round number of this run: greater than every round number stored before.</returns>
    ValueTask<long> BeginRunAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores the batch whole or not at all, durably. A sample that is stored already stays as it is; one that
    /// is not <see cref="Sample.IsStorable"/> is left out, which the log tells. An empty batch only makes sure that the
    /// store can be reached.
    /// </summary>
    ValueTask AppendAsync(ReadOnlyMemory<Sample> batch, CancellationToken cancellationToken);

    /// <summary>
    /// The samples of a series sent from <paramref name="fromMilliseconds"/> (inclusive) to
    /// <paramref name="toMilliseconds"/> (exclusive), UTC, in the order of round and index, in batches; nothing when
    /// the series is not stored.
    /// </summary>
    IAsyncEnumerable<ReadOnlyMemory<Sample>> ReadAsync(
        SeriesKey series, long fromMilliseconds, long toMilliseconds, CancellationToken cancellationToken);

    /// <summary>
    /// The windows of each series of the query, in its order. Counts, minimum, maximum and sums are exact, quantiles
    /// within 1 %.
    /// </summary>
    IAsyncEnumerable<SeriesWindows> ReadWindowsAsync(WindowQuery query, CancellationToken cancellationToken);

    /// <summary>The last sample of each series in the order of round and index; null when there is none.</summary>
    ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        IReadOnlyList<SeriesKey> series, CancellationToken cancellationToken);

    /// <summary>All stored series in the order of check id, vantage point, family, quantity.</summary>
    ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Remembers checks that nobody has configured here, for example of an import: they are hidden. Those that are known
    /// stay as they are.
    /// </summary>
    ValueTask AddChecksAsync(IReadOnlyList<Check> checks, CancellationToken cancellationToken);

    /// <summary>
    /// Remembers the checks of the configuration: those that are missing are hidden, not deleted;
    /// <see cref="Check.RenamedFrom"/> carries the history over to the new id.
    /// </summary>
    /// <returns>One entry for each check whose address differs from the one stored before.</returns>
    ValueTask<IReadOnlyList<AddressChange>> SaveChecksAsync(IReadOnlyList<Check> checks,
        CancellationToken cancellationToken);
}

/// <summary>A check's configured address changed: the same series go on, with a mark.</summary>
internal sealed record AddressChange(CheckId Check, string Before, string Now);

/// <summary>The store cannot be used now. The message says why and what to do, in a sentence.</summary>
internal sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
