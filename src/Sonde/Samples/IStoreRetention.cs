namespace Sonde.Samples;

/// <summary>Deletes what is too old or too much, and says how large the store is.</summary>
internal interface IStoreRetention
{
    /// <summary>
    /// Deletes what the policy does not keep, oldest first, and gives its space back to the disk. Works in turns of
    /// some tens of milliseconds, between which appends go on. Any thread, one caller at a time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">
    /// The store cannot be used now; what went before that is gone.
    /// </exception>
    ValueTask<RetentionResult> RetainAsync(
        RetentionPolicy policy, long nowMilliseconds, CancellationToken cancellationToken);
}

/// <summary>How long and how much is kept; what exceeds either limit goes. Null = without limit.</summary>
internal sealed record RetentionPolicy
{
    /// <summary>How old single samples may be.</summary>
    public TimeSpan? RawAge { get; init; }

    /// <summary>How many bytes all packed samples may take.</summary>
    public long? RawBytes { get; init; }

    /// <summary>How old summaries may be, in whole UTC days; at least <see cref="RawAge"/>.</summary>
    public TimeSpan? SummaryAge { get; init; }

    /// <summary>How many bytes the summaries of all blocks may take.</summary>
    public long? SummaryBytes { get; init; }
}

/// <summary>What a retention deleted, and what is there after it.</summary>
internal sealed record RetentionResult
{
    /// <summary>How many samples were deleted; their summaries may still be there.</summary>
    public long Samples { get; init; }

    /// <summary>How many bytes those had taken.</summary>
    public long RawBytes { get; init; }

    /// <summary>How many summaries of blocks were deleted.</summary>
    public long Summaries { get; init; }

    /// <summary>How many series lost samples or summaries.</summary>
    public int Series { get; init; }

    /// <summary>The times of the earliest and the latest sample deleted, or whose summary was; null = none.</summary>
    public (long EarliestMilliseconds, long LatestMilliseconds)? Span { get; init; }

    /// <summary>By how many bytes the store became smaller on the disk.</summary>
    public long FreedBytes { get; init; }

    /// <summary>How large the store is on the disk now, in bytes.</summary>
    public long StoreBytes { get; init; }

    /// <summary>How many bytes the packed samples of all blocks take now.</summary>
    public long KeptRawBytes { get; init; }

    /// <summary>How many blocks have a summary now.</summary>
    public long KeptSummaries { get; init; }

    /// <summary>When the earliest block begins whose samples are there; null = there is none.</summary>
    public long? OldestMilliseconds { get; init; }
}
