using Sonde.Measurement;
using Sonde.Measurement.Timing;
using Sonde.Samples;

namespace Sonde.Probing;

/// <summary>Makes a sample of how a probe ended: where nanoseconds are rounded, once.</summary>
internal static class SampleMaking
{
    /// <summary>
    /// The sample of a measured probe. It is suspect when its prober says so, or when its answer came while the loop
    /// was late. Lateness between leaving and answer does no harm: the kernel stamps both.
    /// </summary>
    public static Sample From(in PendingSample pending, LatenessWatch lateness)
    {
        ref readonly var result = ref pending.Result;
        var wasLate = result.IsAnswered && lateness.WasLateAt(pending.AnsweredAt);
        return new Sample
        {
            Series = pending.Series,
            Round = pending.Round,
            Index = pending.Index,
            SentAtMilliseconds = (result.SentAt + 500_000) / 1_000_000,
            Value = result.IsAnswered ? result.Rtt.Microseconds : 0,
            Loss = result.Loss,
            IsSuspect = result.IsSuspect || wasLate,
            Duplicates = pending.Duplicates,
            TimeToLive = result.TimeToLive,
        };
    }

    /// <summary>
    /// The sample of what the same probe found besides: it has the probe's identity in a series of its own.
    /// </summary>
    public static Sample From(in Sample probe, in Finding finding, SeriesHandle series) => probe with
    {
        Series = series,
        Value = finding.Value,
        Loss = finding.Loss,
        Duplicates = 0,
        TimeToLive = null,
    };
}
