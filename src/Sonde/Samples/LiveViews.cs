using System.Collections.Immutable;
using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Targets;

namespace Sonde.Samples;

/// <summary>What is known of a check (DESIGN: words, state).</summary>
internal enum CheckState : byte
{
    /// <summary>No round in three intervals, or it could not be sent.</summary>
    Unknown = 0,

    /// <summary>It answers.</summary>
    Up = 1,

    /// <summary>It answers, but lost more than 5 % over five minutes.</summary>
    Degraded = 2,

    /// <summary>The last three rounds were lost whole.</summary>
    Down = 3,
}

/// <summary>A check as it stands now; a copy that nobody changes.</summary>
/// <param name="Check">The check.</param>
/// <param name="State">
/// Its state. Of both families the worst that is measured, and <see cref="CheckState.Down"/> only when all of them are;
/// of a check that chooses the family itself, the better one.
/// </param>
/// <param name="StateSinceMilliseconds">
/// Since when: milliseconds since 1970 UTC; null while nothing was measured.
/// </param>
/// <param name="Rounds">Its rounds of the last 60 minutes; each family's count by themselves.</param>
/// <param name="Problem">Why it cannot be sent, in words; null when it can.</param>
/// <param name="Series">Its RTT series: one, or two for both families.</param>
internal sealed record CheckView(
    Check Check, CheckState State, long? StateSinceMilliseconds, RoundTotals Rounds, string? Problem,
    ImmutableArray<SeriesView> Series)
{
    /// <summary>The phases of its RTT, each a series, in the order in which they were first measured.</summary>
    public ImmutableArray<SeriesView> Phases { get; init; } = [];

    /// <summary>What else its probes read, for example <c>certificate</c>: the newest of each series.</summary>
    public ImmutableArray<Reading> Readings { get; init; } = [];

    /// <summary>Its last loss; null = none since the start.</summary>
    public ToldLoss? LastLoss { get; init; }
}

/// <summary>The newest sample of a series that is no duration.</summary>
internal readonly record struct Reading(SeriesKey Key, Sample Last);

/// <summary>Why a probe was lost, in words.</summary>
/// <param name="AtMilliseconds">When it was sent: milliseconds since 1970 UTC.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Words">For example <c>status 503</c>; the reason's meaning where there is no more to say.</param>
internal sealed record ToldLoss(long AtMilliseconds, LossReason Reason, string Words)
{
    /// <summary>True when the words tell more than the reason.</summary>
    public bool HasDetail => Words != Reason.ToMeaning();
}

/// <summary>A series as it stands now.</summary>
/// <param name="Handle">The series' number.</param>
/// <param name="Key">The series.</param>
/// <param name="State">The state of this series alone.</param>
/// <param name="Rounds">Its rounds of the last 60 minutes.</param>
/// <param name="Last">The newest sample; null = none yet.</param>
/// <param name="OneMinute">The last minute, ending with the second under way.</param>
/// <param name="FiveMinutes">The last five minutes, ending with the five seconds under way.</param>
/// <param name="SixtyMinutes">The last hour, ending with the minute under way.</param>
internal sealed record SeriesView(
    SeriesHandle Handle, SeriesKey Key, CheckState State, RoundTotals Rounds, Sample? Last, LiveWindow OneMinute,
    LiveWindow FiveMinutes, LiveWindow SixtyMinutes)
{
    /// <summary>The span of <see cref="FiveMinutes"/> in 60 points of 5 seconds, oldest first.</summary>
    public ImmutableArray<SparklinePoint> Sparkline { get; init; } = [];
}

/// <summary>Five seconds of a series, for a line as small as a word.</summary>
/// <param name="MaximumMicroseconds">The largest RTT, at most 71 minutes; null = nothing was received.</param>
/// <param name="HasLoss">True when a sample was lost.</param>
/// <param name="IsSuspect">True when every answered sample was suspect.</param>
internal readonly record struct SparklinePoint(uint? MaximumMicroseconds, bool HasLoss, bool IsSuspect = false);

/// <summary>
/// A window and the span that it summarizes: from (inclusive) to (exclusive), milliseconds since 1970 UTC.
/// </summary>
internal sealed record LiveWindow(long FromMilliseconds, long ToMilliseconds, Window Window);
