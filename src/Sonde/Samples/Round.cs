namespace Sonde.Samples;

/// <summary>How a round ended: told once per round and series, after its samples.</summary>
/// <param name="Series">The series.</param>
/// <param name="Number">The round's number.</param>
/// <param name="StartedAtMilliseconds">When it was due: milliseconds since 1970 UTC.</param>
/// <param name="Sent">Probes that were sent and measured.</param>
/// <param name="Lost">Of these, how many were lost.</param>
/// <param name="NotSent">Probes that say nothing about the network.</param>
/// <param name="MissedBefore">Rounds since the one told before that were overdue and skipped.</param>
/// <param name="LateAnswers">Answers to earlier probes that came since, after their probe was given up.</param>
internal readonly record struct Round(
    SeriesHandle Series, long Number, long StartedAtMilliseconds, int Sent, int Lost, int NotSent, int MissedBefore = 0,
    int LateAnswers = 0)
{
    /// <summary>True when it was measured and no probe was answered.</summary>
    public bool IsLostWhole => Sent > 0 && Lost == Sent;

    /// <summary>True when at least one probe was measured.</summary>
    public bool IsMeasured => Sent > 0;
}
