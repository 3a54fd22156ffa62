namespace Sonde.Configuration;

/// <summary>How long and how much the store keeps. Null = without limit.</summary>
internal sealed record RetentionConfiguration
{
    /// <summary>How old single samples may be: 1 h or more; default 365 days.</summary>
    public TimeSpan? RawAge { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How many bytes all packed samples may take: 1 MB or more; default 2 GB.</summary>
    public long? RawBytes { get; init; } = 2L << 30;

    /// <summary>How old summaries may be: at least <see cref="RawAge"/>; default 3,650 days.</summary>
    public TimeSpan? SummaryAge { get; init; } = TimeSpan.FromDays(3_650);

    /// <summary>How many bytes the summaries of all blocks may take: 1 MB or more; default without limit.</summary>
    public long? SummaryBytes { get; init; }
}
