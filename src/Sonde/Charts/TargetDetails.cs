namespace Sonde.Charts;

/// <summary>A target with the windows of each of its series.</summary>
/// <param name="Target">Who it is and how it stands.</param>
/// <param name="IntervalSeconds">Time between the starts of two rounds.</param>
/// <param name="Packets">Probes in a round.</param>
/// <param name="TimeoutSeconds">How long an answer may take; nothing to a job that calls.</param>
/// <param name="GraceSeconds">How much later than the interval a job may call; null for other kinds.</param>
/// <param name="Series">One for each IP version that was measured.</param>
public sealed record TargetDetails(
    TargetRow Target, double IntervalSeconds, int Packets, double TimeoutSeconds, double? GraceSeconds,
    IReadOnlyList<SeriesSummary> Series)
{
    /// <summary>
    /// The phases of its round-trip time, those of IPv4 first; empty for kinds without. Each begins where the one
    /// before ended.
    /// </summary>
    public required IReadOnlyList<PhaseSummary> Phases { get; init; }

    /// <summary>When the first certificate of the chain that was seen last expires; null when none was seen.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; init; }

    /// <summary>The last loss in words; null when there was none since the program started.</summary>
    public LossNote? LastLoss { get; init; }
}

/// <summary>One IP version's RTTs.</summary>
/// <param name="Family">4 or 6.</param>
/// <param name="State"><c>up</c>, <c>degraded</c>, <c>down</c> or <c>unknown</c>.</param>
/// <param name="UptimeRatio">Its own uptime of the last hour, 0 to 1; null = no round.</param>
/// <param name="Windows">The last 1, 5 and 60 minutes, in this order.</param>
public sealed record SeriesSummary(
    int Family, string State, double? UptimeRatio, IReadOnlyList<WindowSummary> Windows);

/// <summary>The numbers of one window. Times are null when nothing was received.</summary>
public sealed record WindowSummary
{
    /// <summary>Its span in minutes: 1, 5 or 60.</summary>
    public required int Minutes { get; init; }

    /// <summary>Its beginning, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Probes sent and measured.</summary>
    public required long Sent { get; init; }

    /// <summary>Of these, without a valid answer.</summary>
    public required long Lost { get; init; }

    /// <summary>Lost ÷ sent, 0 to 1; null when nothing was sent.</summary>
    public double? LossRatio { get; init; }

    /// <summary>Further copies of answers.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Samples taken while this program was late.</summary>
    public required long Suspect { get; init; }

    /// <summary>The smallest RTT.</summary>
    public double? MinMs { get; init; }

    /// <summary>The mean RTT.</summary>
    public double? MeanMs { get; init; }

    /// <summary>The largest RTT.</summary>
    public double? MaxMs { get; init; }

    /// <summary>The population standard deviation of the RTT.</summary>
    public double? MdevMs { get; init; }

    /// <summary>The mean absolute difference of successive RTTs; null without a pair.</summary>
    public double? JitterMs { get; init; }

    /// <summary>The 50th percentile, within 1 %.</summary>
    public double? MedianMs { get; init; }

    /// <summary>The 95th percentile, within 1 %.</summary>
    public double? P95Ms { get; init; }

    /// <summary>The 99th percentile, within 1 %.</summary>
    public double? P99Ms { get; init; }

    /// <summary>Why probes were lost: each reason that occurred.</summary>
    public required IReadOnlyList<LossSummary> Losses { get; init; }
}

/// <summary>How often one reason occurred.</summary>
/// <param name="Reason">The stable word, for example <c>timeout</c>.</param>
/// <param name="Meaning">What it means, in words.</param>
/// <param name="Count">How often.</param>
public sealed record LossSummary(string Reason, string Meaning, long Count);
