using Sonde.Measurement.Timing;

namespace Sonde.Measurement;

/// <summary>
/// What one probe told us: answered, lost with its reason, or not sent. A loss is a measurement, not an error.
/// </summary>
/// <remarks>A value whose references are null for echo requests, so that a million probes allocate nothing.</remarks>
public readonly record struct ProbeResult
{
    private ProbeResult(long sentAt, LossReason loss, NotSentReason notSent)
    {
        SentAt = sentAt;
        Loss = loss;
        NotSent = notSent;
    }

    /// <summary>When the probe was sent: nanoseconds since 1970 UTC by the <see cref="MeasurementClock"/>.</summary>
    public long SentAt { get; private init; }

    /// <summary>Why it is lost; <see cref="LossReason.None"/> when it was answered or not sent.</summary>
    public LossReason Loss { get; private init; }

    /// <summary>Why it was not sent; <see cref="NotSentReason.None"/> when it was.</summary>
    public NotSentReason NotSent { get; private init; }

    /// <summary>The round-trip time; zero unless <see cref="IsAnswered"/>.</summary>
    public RoundTripTime Rtt { get; private init; }

    /// <summary>
    /// The hop limit left in the answer, 0 to 255; null when the kind has none or the kernel did not say.
    /// </summary>
    public byte? TimeToLive { get; private init; }

    /// <summary>
    /// True when this process was late while the probe was under way, so that the time may be wrong by over 1 ms.
    /// </summary>
    public bool IsSuspect { get; init; }

    /// <summary>
    /// A sentence for people, for example why a certificate is not trusted; null where the reason says all.
    /// </summary>
    public string? Detail { get; private init; }

    /// <summary>What else the probe found; null for kinds that time only the round trip.</summary>
    public ProbeFindings? Findings { get; init; }

    /// <summary>True when a valid answer came in time.</summary>
    public bool IsAnswered => Loss == LossReason.None && NotSent == NotSentReason.None;

    /// <summary>True when the probe was sent and no valid answer came.</summary>
    public bool IsLost => Loss != LossReason.None;

    /// <summary>The target answered after <paramref name="rtt"/>.</summary>
    public static ProbeResult Answered(long sentAt, RoundTripTime rtt, byte? timeToLive = null) =>
        new(sentAt, LossReason.None, NotSentReason.None) { Rtt = rtt, TimeToLive = timeToLive };

    /// <summary>No valid answer came.</summary>
    public static ProbeResult Lost(long sentAt, LossReason reason, string? detail = null) =>
        new(sentAt, reason, NotSentReason.None) { Detail = detail };

    /// <summary>The probe says nothing about the network: a gap, never a loss.</summary>
    public static ProbeResult Unmeasured(long sentAt, NotSentReason reason, string? detail = null) =>
        new(sentAt, LossReason.None, reason) { Detail = detail };
}
