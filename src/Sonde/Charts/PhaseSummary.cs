namespace Sonde.Charts;

/// <summary>One phase of the round-trip time over one IP version: the newest probe, and five minutes.</summary>
public sealed record PhaseSummary
{
    /// <summary>Its word, for example <c>connect</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>4 or 6.</summary>
    public required int Family { get; init; }

    /// <summary>How long the newest probe took; null when it was lost in this phase or before it.</summary>
    public double? LastMs { get; init; }

    /// <summary>Why the newest probe was lost in this phase; null when it was not.</summary>
    public string? LastLoss { get; init; }

    /// <summary>The median over five minutes; null when no probe came through.</summary>
    public double? MedianMs { get; init; }

    /// <summary>The 95th percentile over five minutes; null when no probe came through.</summary>
    public double? P95Ms { get; init; }

    /// <summary>Probes of five minutes that came to this phase.</summary>
    public required long Sent { get; init; }

    /// <summary>Of these, lost in it.</summary>
    public required long Lost { get; init; }

    /// <summary>Why: each reason that occurred, the most frequent first.</summary>
    public required IReadOnlyList<LossSummary> Losses { get; init; }
}

/// <summary>A loss in words.</summary>
/// <param name="At">When the probe was sent.</param>
/// <param name="Reason">The stable word, for example <c>unexpectedStatus</c>.</param>
/// <param name="Detail">What exactly, for example <c>status 503</c>.</param>
public sealed record LossNote(DateTimeOffset At, string Reason, string Detail);
