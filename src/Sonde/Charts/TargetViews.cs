using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts;

/// <summary>Says what the board knows in the words of the API and the pages.</summary>
internal static class TargetViews
{
    /// <summary>The row of a check.</summary>
    public static TargetRow ToRow(CheckView view)
    {
        var check = view.Check;
        var leading = Leading(view);
        return new TargetRow(FiguresOf(leading))
        {
            Id = check.Id.Value,
            Name = check.Name,
            Kind = check.Kind.ToWord(),
            Address = check.Address,
            Group = check.Group,
            Region = check.Region,
            Tags = check.Tags,
            State = WordOf(view.State),
            StateSince = Instant(view.StateSinceMilliseconds),
            UptimeRatio = view.Rounds.UptimeRatio,
            MissedRounds = view.Rounds.Missed,
            LateAnswers = view.Rounds.LateAnswers,
            Problem = ProblemOf(view),
            Family = leading?.Key.Family,
            Families = check.Family == FamilyChoice.Both ? [FamilyOf(view, 4), FamilyOf(view, 6)] : [],
        };
    }

    /// <summary>A check with the windows of all its series.</summary>
    public static TargetDetails ToDetails(CheckView view) => new(
        ToRow(view), view.Check.Interval.TotalSeconds, view.Check.Packets, view.Check.Timeout.TotalSeconds,
        view.Check.Push?.Grace.TotalSeconds, [.. view.Series.Select(ToSummary)])
    {
        Phases = PhaseViews.PhasesOf(view),
        CertificateExpiresAt = PhaseViews.CertificateExpiryOf(view),
        LastLoss = PhaseViews.LastLossOf(view),
    };

    /// <summary>Whose numbers stand for a check with two families: the one that answers more; of equals, the
    /// first.</summary>
    public static SeriesView? Leading(CheckView view) =>
        view.Series.MaxBy(series => series.FiveMinutes.Window.Received);

    /// <summary>The series that a row shows a line of: those of both families, or the leading one; null = nothing was
    /// measured.</summary>
    public static IEnumerable<SeriesView?> Shown(CheckView view) => view.Check.Family == FamilyChoice.Both
        ? [SeriesOf(view, 4), SeriesOf(view, 6)]
        : [Leading(view)];

    /// <summary>Whole microseconds as milliseconds.</summary>
    public static double Milliseconds(long microseconds) => microseconds / 1000.0;

    /// <summary>Whole microseconds as milliseconds; null stays null.</summary>
    public static double? Milliseconds(long? microseconds) => microseconds / 1000.0;

    /// <summary>Why probes of a window were lost, the most frequent reason first.</summary>
    public static IReadOnlyList<LossSummary> LossesOf(Window window) =>
        [.. window.Losses.OrderByDescending(loss => loss.Count).Select(ToSummary)];

    /// <summary>A mean has no more digits than its samples are good for: a tenth of a microsecond.</summary>
    private static double? Milliseconds(double? microseconds) =>
        microseconds is { } value ? Math.Round(value / 1000.0, 4) : null;

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    private static string WordOf(CheckState state) => state switch
    {
        CheckState.Up => "up",
        CheckState.Degraded => "degraded",
        CheckState.Down => "down",
        _ => "unknown",
    };

    private static SeriesView? SeriesOf(CheckView view, int family) =>
        view.Series.FirstOrDefault(one => one.Key.Family == family);

    private static FamilyRow FamilyOf(CheckView view, int family)
    {
        var series = SeriesOf(view, family);
        return new FamilyRow(FiguresOf(series))
        {
            Family = family,
            State = WordOf(series?.State ?? CheckState.Unknown),
        };
    }

    private static LatestFigures FiguresOf(SeriesView? series)
    {
        var window = series?.FiveMinutes.Window;
        return new LatestFigures
        {
            LastSentAt = Instant(series?.Last?.SentAtMilliseconds),
            LastRttMs = series?.Last is { IsLost: false } answered ? Milliseconds(answered.Value) : null,
            LastLoss = series?.Last is { IsLost: true } lost ? lost.Loss.ToWord() : null,
            LastSuspect = series?.Last is { IsSuspect: true },
            MeanMs = Milliseconds(window?.MeanMicroseconds),
            MedianMs = Milliseconds(window?.QuantileMicroseconds(0.5)),
            P95Ms = Milliseconds(window?.QuantileMicroseconds(0.95)),
            LossRatio = window?.LossRatio,
            JitterMs = Milliseconds(window?.JitterMicroseconds),
        };
    }

    /// <summary>Why it cannot be sent; and of two families that stand differently, which of them is unwell.</summary>
    private static string? ProblemOf(CheckView view)
    {
        var words = view.Series.Where(series => view.Check.Family == FamilyChoice.Both && series.State > CheckState.Up
                && view.Series.Any(other => other.State != series.State))
            .OrderBy(series => series.Key.Family).Select(series => $"IPv{series.Key.Family} {WordOf(series.State)}");
        return string.Join("; ", words.Prepend(view.Problem).OfType<string>()) is { Length: > 0 } text ? text : null;
    }

    private static SeriesSummary ToSummary(SeriesView series) => new(
        series.Key.Family, WordOf(series.State), series.Rounds.UptimeRatio,
        [ToSummary(1, series.OneMinute), ToSummary(5, series.FiveMinutes), ToSummary(60, series.SixtyMinutes)]);

    private static WindowSummary ToSummary(int minutes, LiveWindow live)
    {
        var window = live.Window;
        return new WindowSummary
        {
            Minutes = minutes,
            From = DateTimeOffset.FromUnixTimeMilliseconds(live.FromMilliseconds),
            To = DateTimeOffset.FromUnixTimeMilliseconds(live.ToMilliseconds),
            Sent = window.Sent,
            Lost = window.Lost,
            LossRatio = window.LossRatio,
            Duplicates = window.Duplicates,
            Suspect = window.Suspect,
            MinMs = Milliseconds(window.MinimumMicroseconds),
            MeanMs = Milliseconds(window.MeanMicroseconds),
            MaxMs = Milliseconds(window.MaximumMicroseconds),
            MdevMs = Milliseconds(window.MeanDeviationMicroseconds),
            JitterMs = Milliseconds(window.JitterMicroseconds),
            MedianMs = Milliseconds(window.QuantileMicroseconds(0.5)),
            P95Ms = Milliseconds(window.QuantileMicroseconds(0.95)),
            P99Ms = Milliseconds(window.QuantileMicroseconds(0.99)),
            Losses = LossesOf(window),
        };
    }

    private static LossSummary ToSummary(LossCount loss) =>
        new(loss.Reason.ToWord(), loss.Reason.ToMeaning(), loss.Count);
}
