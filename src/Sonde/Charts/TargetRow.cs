namespace Sonde.Charts;

/// <summary>A target in a list: who it is, how it stands, and its last five minutes.</summary>
public sealed record TargetRow
{
    /// <summary>The check's id, as it stands in addresses.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>How it is measured, for example <c>icmp</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The address as written in sonde.yaml.</summary>
    public required string Address { get; init; }

    /// <summary>The group it was written in; null outside of groups.</summary>
    public string? Group { get; init; }

    /// <summary>Where it is; null when not said.</summary>
    public string? Region { get; init; }

    /// <summary>Words to filter by.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary><c>up</c>, <c>degraded</c>, <c>down</c> or <c>unknown</c>.</summary>
    public required string State { get; init; }

    /// <summary>Since when it stands so; null while nothing was measured.</summary>
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>Rounds not lost whole ÷ rounds measured over the last hour, 0 to 1; null = no round.</summary>
    public double? UptimeRatio { get; init; }

    /// <summary>Why it cannot be measured, in words; null when it can.</summary>
    public string? Problem { get; init; }

    /// <summary>The IP version of the numbers below, 4 or 6; null while nothing was measured.</summary>
    public int? Family { get; init; }

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
