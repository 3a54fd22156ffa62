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
        var window = leading?.FiveMinutes.Window;
        return new TargetRow
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
            UptimeRatio = view.UptimeRatio,
            Problem = view.Problem,
            Family = leading?.Key.Family,
            LastSentAt = Instant(leading?.Last?.SentAtMilliseconds),
            LastRttMs = leading?.Last is { IsLost: false } answered ? Milliseconds(answered.Value) : null,
            LastLoss = leading?.Last is { IsLost: true } lost ? lost.Loss.ToWord() : null,
            LastSuspect = leading?.Last is { IsSuspect: true },
            MeanMs = Milliseconds(window?.MeanMicroseconds),
            MedianMs = Milliseconds(window?.QuantileMicroseconds(0.5)),
            P95Ms = Milliseconds(window?.QuantileMicroseconds(0.95)),
            LossRatio = window?.LossRatio,
            JitterMs = Milliseconds(window?.JitterMicroseconds),
        };
    }

    /// <summary>A check with the windows of all its series.</summary>
    public static TargetDetails ToDetails(CheckView view) => new(
        ToRow(view), view.Check.Interval.TotalSeconds, view.Check.Packets, view.Check.Timeout.TotalSeconds,
        [.. view.Series.Select(ToSummary)]);

    /// <summary>Whose numbers stand for a check with two families: the one that answers more; of equals, the
    /// first.</summary>
    public static SeriesView? Leading(CheckView view) =>
        view.Series.MaxBy(series => series.FiveMinutes.Window.Received);

    /// <summary>Whole microseconds as milliseconds.</summary>
    public static double Milliseconds(long microseconds) => microseconds / 1000.0;

    private static double? Milliseconds(long? microseconds) => microseconds / 1000.0;

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

    private static SeriesSummary ToSummary(SeriesView series) => new(series.Key.Family,
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
            Losses = [.. window.Losses.OrderByDescending(loss => loss.Count).Select(ToSummary)],
        };
    }

    private static LossSummary ToSummary(LossCount loss) =>
        new(loss.Reason.ToWord(), loss.Reason.ToMeaning(), loss.Count);
}
