namespace Sonde.Marks;

/// <summary>Keeps marks. Throws as the sample store does when it cannot.</summary>
internal interface IMarkStore
{
    /// <summary>Stores a mark durably.</summary>
    ValueTask AddMarkAsync(Mark mark, CancellationToken cancellationToken);

    /// <summary>The marks from (inclusive) to (exclusive), milliseconds since 1970 UTC, in time order.</summary>
    ValueTask<IReadOnlyList<Mark>> ReadMarksAsync(
        long fromMilliseconds, long toMilliseconds, CancellationToken cancellationToken);
}
