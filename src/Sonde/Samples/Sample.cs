using Sonde.Measurement;
using Sonde.Measurement.Statistics;

namespace Sonde.Samples;

/// <summary>
/// The outcome of one probe, rounded once (DESIGN: the record). Identity = (series, round, index): writing it twice
/// changes nothing.
/// </summary>
internal readonly record struct Sample
{
    private const long EarliestTime = -62_135_596_800_000;
    private const long LatestTime = 253_402_300_799_999;

    /// <summary>The series it belongs to, by this process's catalog.</summary>
    public required SeriesHandle Series { get; init; }

    /// <summary>The round's number: grows within a check, and never repeats whatever the wall clock does.</summary>
    public required long Round { get; init; }

    /// <summary>The probe's place in its round, from 0.</summary>
    public required ushort Index { get; init; }

    /// <summary>When the probe was sent: whole milliseconds since 1970 UTC.</summary>
    public required long SentAtMilliseconds { get; init; }

    /// <summary>The value in the unit of the series (RTT: whole microseconds); 0 when lost.</summary>
    public long Value { get; init; }

    /// <summary>Why it was lost; <see cref="LossReason.None"/> when it was answered.</summary>
    public LossReason Loss { get; init; }

    /// <summary>True when this process was late while it was taken: drawn apart, and no alert rests on it.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>How many further copies of the answer came (RFC 5560).</summary>
    public ushort Duplicates { get; init; }

    /// <summary>The hop limit left in the answer; null when unknown.</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>
    /// True when a store can keep it: its round is 0 or more, it was sent in the years 1 to 9999, and its value is
    /// within ±<see cref="Window.MaxValue"/>.
    /// </summary>
    public bool IsStorable => Round >= 0 && SentAtMilliseconds is >= EarliestTime and <= LatestTime
        && Value is >= -Window.MaxValue and <= Window.MaxValue;

    /// <summary>True when there was no valid answer.</summary>
    public bool IsLost => Loss != LossReason.None;
}
