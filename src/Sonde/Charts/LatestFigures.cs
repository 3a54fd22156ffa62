namespace Sonde.Charts;

/// <summary>The newest sample and the last five minutes of RTTs over one IP version.</summary>
public record LatestFigures
{
    /// <summary>When the newest probe was sent; null = none yet.</summary>
    public DateTimeOffset? LastSentAt { get; init; }

    /// <summary>The newest round-trip time; null when that probe was lost.</summary>
    public double? LastRttMs { get; init; }

    /// <summary>Why the newest probe was lost; null when it was answered.</summary>
    public string? LastLoss { get; init; }

    /// <summary>True when this program was late while it took the newest sample.</summary>
    public bool LastSuspect { get; init; }

    /// <summary>The mean over five minutes; null when nothing was received.</summary>
    public double? MeanMs { get; init; }

    /// <summary>The median over five minutes; null when nothing was received.</summary>
    public double? MedianMs { get; init; }

    /// <summary>The 95th percentile over five minutes; null when nothing was received.</summary>
    public double? P95Ms { get; init; }

    /// <summary>Lost ÷ sent over five minutes, 0 to 1; null when nothing was sent.</summary>
    public double? LossRatio { get; init; }

    /// <summary>The mean absolute difference of successive RTTs over five minutes; null without a pair.</summary>
    public double? JitterMs { get; init; }
}
