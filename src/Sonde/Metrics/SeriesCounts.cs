using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Metrics;

/// <summary>What a series has counted since the process began to measure it; a copy of one moment.</summary>
internal sealed record SeriesCounts
{
    /// <summary>Probes that were sent and measured.</summary>
    public required long Sent { get; init; }

    /// <summary>Of these, how many were answered.</summary>
    public required long Received { get; init; }

    /// <summary>Why the others were lost: each reason that occurred, with its count.</summary>
    public required IReadOnlyList<(LossReason Reason, long Count)> Losses { get; init; }

    /// <summary>Further copies of answers.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Samples taken while the process was late.</summary>
    public required long Suspect { get; init; }

    /// <summary>Probes that say nothing about the network.</summary>
    public required long NotSent { get; init; }

    /// <summary>Rounds that were overdue and skipped.</summary>
    public required long MissedRounds { get; init; }

    /// <summary>Answers that came after their probe was given up as lost.</summary>
    public required long LateAnswers { get; init; }

    /// <summary>The hop limit left in the last answer that said one; null = none did.</summary>
    public required byte? TimeToLive { get; init; }

    /// <summary>The newest answered sample by round and index; null = none yet.</summary>
    public required Sample? LastAnswered { get; init; }

    /// <summary>True when no newer sample than <see cref="LastAnswered"/> is lost.</summary>
    public required bool IsNewestAnswered { get; init; }

    /// <summary>The answered values, of a series in microseconds.</summary>
    public required Distribution Durations { get; init; }
}
