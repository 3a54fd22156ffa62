using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Metrics;

/// <summary>The metrics of the targets.</summary>
internal static class TargetFamilies
{
    private static readonly Labels[] States = [.. Enum.GetValues<CheckState>()
        .Select(state => Labels.Of(("state", state.ToString().ToLowerInvariant())))];

    private static readonly Labels[] Reasons = [.. Enumerable.Range(0, 256)
        .Select(number => Labels.Of(("reason", ((LossReason)number).ToWord())))];

    /// <summary>Of each check.</summary>
    public static readonly FamilyOf<CheckReading>[] OfChecks =
    [
        FamilyOf<CheckReading>.Gauge(
            "sonde_check_up", "1 when the check is answered, 0 when it is down; missing while that is unknown",
            static (writer, check) =>
            {
                if (check.State != CheckState.Unknown)
                {
                    writer.Write(check.State == CheckState.Down ? 0 : 1, check.Labels);
                }
            }),
        FamilyOf<CheckReading>.Gauge(
            "sonde_check_state", "1 for the state that the check is in, 0 for the others",
            static (writer, check) =>
            {
                for (var state = 0; state < States.Length; state++)
                {
                    writer.Write((int)check.State == state ? 1 : 0, check.Labels, States[state]);
                }
            }),
    ];

    /// <summary>Of each series of round-trip times.</summary>
    public static readonly FamilyOf<SeriesReading>[] OfRoundTrips =
    [
        Counter("sonde_probes_sent_total", "Probes that were sent and measured", static counts => counts.Sent),
        Counter("sonde_probes_received_total", "Probes that were answered", static counts => counts.Received),
        FamilyOf<SeriesReading>.Counter(
            "sonde_probes_lost_total", "Probes without a valid answer in time, by reason",
            static (writer, series) => WriteLosses(writer, series, [series.Labels, series.Family])),
        Counter(
            "sonde_probes_not_sent_total",
            "Probes that say nothing about the network, because this machine could not send or time them",
            static counts => counts.NotSent),
        Counter(
            "sonde_probe_duplicates_total", "Further copies of answers (RFC 5560)",
            static counts => counts.Duplicates),
        Counter(
            "sonde_probes_suspect_total",
            "Samples taken while this process was late; all other metrics count them, too",
            static counts => counts.Suspect),
        Counter(
            "sonde_late_answers_total", "Answers that came after their probe was given up as lost",
            static counts => counts.LateAnswers),
        Counter(
            "sonde_rounds_missed_total", "Rounds that were overdue and skipped", static counts => counts.MissedRounds),
        FamilyOf<SeriesReading>.Histogram(
            "sonde_probe_rtt_seconds", "Round-trip times of the answered probes",
            static (writer, series) => writer.Write(series.Counts.Durations, series.Labels, series.Family)),
        FamilyOf<SeriesReading>.Gauge(
            "sonde_probe_rtt_last_seconds", "Round-trip time of the newest probe; missing when that was lost",
            static (writer, series) =>
            {
                if (series.Counts is { IsNewestAnswered: true, LastAnswered: { } newest })
                {
                    writer.Write(newest.Value / 1e6, series.Labels, series.Family);
                }
            }),
        Window(
            "sonde_probe_rtt_min_seconds", "Smallest round-trip time of the last 5 minutes",
            static window => window.MinimumMicroseconds / 1e6),
        Window(
            "sonde_probe_rtt_max_seconds", "Largest round-trip time of the last 5 minutes",
            static window => window.MaximumMicroseconds / 1e6),
        Window(
            "sonde_probe_rtt_mean_seconds", "Mean round-trip time of the last 5 minutes",
            static window => window.MeanMicroseconds / 1e6),
        Window(
            "sonde_probe_rtt_stddev_seconds", "Standard deviation of the round-trip times of the last 5 minutes",
            static window => window.MeanDeviationMicroseconds / 1e6),
        Window(
            "sonde_probe_rtt_jitter_seconds",
            "Mean absolute difference of successive round-trip times of the last 5 minutes (after RFC 3393)",
            static window => window.JitterMicroseconds / 1e6),
        Window(
            "sonde_loss_ratio", "Lost ÷ sent probes of the last 5 minutes, 0 to 1",
            static window => window.LossRatio),
        Window(
            "sonde_duplicate_ratio", "Further copies of answers ÷ answered probes of the last 5 minutes",
            static window => window.Received == 0 ? null : (double)window.Duplicates / window.Received),
    ];

    /// <summary>Of each series of a phase.</summary>
    public static readonly FamilyOf<SeriesReading>[] OfPhases =
    [
        FamilyOf<SeriesReading>.Histogram(
            "sonde_phase_duration_seconds", "Durations of a phase of the probes that came through it",
            static (writer, series) =>
                writer.Write(series.Counts.Durations, series.Labels, series.Family, series.Phase)),
        FamilyOf<SeriesReading>.Gauge(
            "sonde_phase_last_seconds", "Duration of a phase of the newest probe; missing when it did not come through",
            static (writer, series) =>
            {
                if (series.Counts is { IsNewestAnswered: true, LastAnswered: { } newest })
                {
                    writer.Write(newest.Value / 1e6, series.Labels, series.Family, series.Phase);
                }
            }),
        FamilyOf<SeriesReading>.Counter(
            "sonde_phase_lost_total", "Probes that were lost in a phase, by reason",
            static (writer, series) => WriteLosses(writer, series, [series.Labels, series.Family, series.Phase])),
    ];

    /// <summary>Of each series of a certificate.</summary>
    public static readonly FamilyOf<SeriesReading>[] OfCertificates =
    [
        FamilyOf<SeriesReading>.Gauge(
            "sonde_certificate_expiry_timestamp_seconds",
            "When the first certificate of the chain expires, in seconds since 1970 UTC",
            static (writer, series) =>
            {
                if (series.Counts.LastAnswered is { } newest)
                {
                    var expiry = Math.Round((newest.SentAtMilliseconds / 1e3) + newest.Value);
                    writer.Write(expiry, series.Labels, series.Family);
                }
            }),
    ];

    private static FamilyOf<SeriesReading> Counter(string name, string help, Func<SeriesCounts, long> count) =>
        FamilyOf<SeriesReading>.Counter(
            name, help, (writer, series) => writer.Write(count(series.Counts), series.Labels, series.Family));

    private static FamilyOf<SeriesReading> Window(string name, string help, Func<Window, double?> value) =>
        FamilyOf<SeriesReading>.Gauge(name, help, (writer, series) =>
        {
            if (series.FiveMinutes is { } window && value(window) is { } known)
            {
                writer.Write(known, series.Labels, series.Family);
            }
        });

    /// <summary>The commonest reason is there from the start: an increase from nothing would go unseen.</summary>
    private static void WriteLosses(IFormatWriter writer, SeriesReading series, ReadOnlySpan<Labels> labels)
    {
        var hasTimeout = false;
        foreach (var (reason, count) in series.Counts.Losses)
        {
            hasTimeout |= reason == LossReason.Timeout;
            writer.Write(count, [.. labels, Reasons[(byte)reason]]);
        }
        if (!hasTimeout)
        {
            writer.Write(0, [.. labels, Reasons[(byte)LossReason.Timeout]]);
        }
    }
}
