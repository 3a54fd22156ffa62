namespace Sonde.Samples;

/// <summary>Windows of equal length, one behind the other, of many series at once.</summary>
internal sealed record WindowQuery
{
    /// <summary>The series; one that is not stored has empty windows.</summary>
    public required IReadOnlyList<SeriesKey> Series { get; init; }

    /// <summary>Where the first window begins: milliseconds since 1970 UTC.</summary>
    public required long FromMilliseconds { get; init; }

    /// <summary>How long each window is; 1 or more.</summary>
    public required long StepMilliseconds { get; init; }

    /// <summary>How many windows; 1 or more.</summary>
    public required int Count { get; init; }

    /// <summary>Where the last window ends, exclusive.</summary>
    public long ToMilliseconds => FromMilliseconds + (StepMilliseconds * Count);
}
