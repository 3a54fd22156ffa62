namespace Sonde.Charts;

/// <summary>A target in a list: who it is, how it stands, and its last five minutes.</summary>
public sealed record TargetRow : LatestFigures
{
    /// <summary>A row with the figures of the IP version that stands for it.</summary>
    internal TargetRow(LatestFigures figures)
        : base(figures)
    {
    }

    /// <summary>The check's id, as it stands in addresses.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>How it is measured, for example <c>icmp</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The address as written in sonde.yaml; empty for a job that calls.</summary>
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

    /// <summary>
    /// Rounds not lost whole ÷ rounds measured over the last hour, 0 to 1; null = no round. Those of two IP versions
    /// count by themselves.
    /// </summary>
    public double? UptimeRatio { get; init; }

    /// <summary>Rounds of the last hour that were overdue and skipped: the machine was too busy, or slept.</summary>
    public required long MissedRounds { get; init; }

    /// <summary>Answers of the last hour that came after the timeout: their samples are lost and stay so.</summary>
    public required long LateAnswers { get; init; }

    /// <summary>
    /// Why it cannot be measured, or which IP version is down, in a few words; null when there is nothing to say.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>
    /// The IP version whose figures stand here, 4 or 6: the one that answers more; null while nothing was measured.
    /// </summary>
    public int? Family { get; init; }

    /// <summary>IPv4 and IPv6 apart, when it is measured over both; else empty.</summary>
    public required IReadOnlyList<FamilyRow> Families { get; init; }
}
