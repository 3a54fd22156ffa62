using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>
/// Says the phases of a check, and what else its probes found, in the words of the API and the pages.
/// </summary>
internal static class PhaseViews
{
    private static readonly string[] InOrder =
        ["truncated", "resolve", "connect", "tls", "request", "processing", "transfer"];

    /// <summary>The phases, those of IPv4 first, in the order in which a probe goes through them.</summary>
    public static IReadOnlyList<PhaseSummary> PhasesOf(CheckView view) =>
    [
        .. view.Phases.OrderBy(phase => phase.Key.Family)
            .ThenBy(phase => (uint)Array.IndexOf(InOrder, phase.Key.Quantity.Name)) // a word of later comes last
            .Select(phase => ToSummary(
                phase, view.Series.FirstOrDefault(series => series.Key.Family == phase.Key.Family)?.Last)),
    ];

    /// <summary>
    /// When the certificate that was seen last expires, of both families the earlier; null when none was seen.
    /// Certificates end on whole seconds, and the reading is rounded down.
    /// </summary>
    public static DateTimeOffset? CertificateExpiryOf(CheckView view)
    {
        var readings = view.Readings.Where(one => one.Key.Quantity is { Name: "certificate", Unit: "s" })
            .Where(one => !one.Last.IsLost).ToList();
        // "never" is the last second of 9999 (RFC 5280 section 4.1.2.5)
        return readings.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Math.Min(
            readings.Min(one => (long)Math.Ceiling(one.Last.SentAtMilliseconds / 1_000.0) + one.Last.Value),
            DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
    }

    /// <summary>The last loss; null when there was none since the start.</summary>
    public static LossNote? LastLossOf(CheckView view) => view.LastLoss is { } loss
        ? new LossNote(DateTimeOffset.FromUnixTimeMilliseconds(loss.AtMilliseconds), loss.Reason.ToWord(), loss.Words)
        : null;

    private static PhaseSummary ToSummary(SeriesView phase, Sample? newest)
    {
        var window = phase.FiveMinutes.Window;
        // a probe that was lost earlier never came to this phase: what stands here is an older one's
        var last = phase.Last is { } own && newest is { } rtt && (own.Round, own.Index) == (rtt.Round, rtt.Index)
            ? own : (Sample?)null;
        return new PhaseSummary
        {
            Phase = phase.Key.Quantity.Name,
            Family = phase.Key.Family,
            LastMs = last is { IsLost: false } through ? TargetViews.Milliseconds(through.Value) : null,
            LastLoss = last is { IsLost: true } lost ? lost.Loss.ToWord() : null,
            MedianMs = TargetViews.Milliseconds(window.QuantileMicroseconds(0.5)),
            P95Ms = TargetViews.Milliseconds(window.QuantileMicroseconds(0.95)),
            Sent = window.Sent,
            Lost = window.Lost,
            Losses = TargetViews.LossesOf(window),
        };
    }
}
