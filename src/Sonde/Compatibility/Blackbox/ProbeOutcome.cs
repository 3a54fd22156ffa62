using Sonde.Measurement;
using Sonde.Probing;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>How a request for a probe ended.</summary>
/// <param name="Module">How it was measured.</param>
/// <param name="Timeout">How long it might take.</param>
/// <param name="Duration">How long it took, the resolving included.</param>
internal sealed record ProbeOutcome(ProbeModule Module, TimeSpan Timeout, TimeSpan Duration)
{
    /// <summary>What the target's host resolved to; null when it was not asked for.</summary>
    public AddressLookup? Lookup { get; init; }

    /// <summary>What the probe told; null when there was none.</summary>
    public ProbeResult? Result { get; init; }

    /// <summary>From the resolving to the probe's leaving.</summary>
    public TimeSpan Setup { get; init; }

    /// <summary>Why there was no probe, in words; null when there was.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the target answered as it should.</summary>
    public bool IsSuccess => Result is { IsAnswered: true };

    /// <summary>Whether the probe had an address to go to.</summary>
    public bool HasAddress => Lookup?.Address is not null;

    /// <summary>How long it took to find the address; zero when none was found.</summary>
    public TimeSpan Resolve => HasAddress ? Lookup!.Duration : TimeSpan.Zero;

    /// <summary>
    /// Why it says nothing about the target, so that no metrics may tell of it; none when it does.
    /// </summary>
    public NotSentReason Void => Result?.NotSent is NotSentReason.TooManyInFlight or NotSentReason.NoBuffers
        or NotSentReason.ClockStepped or NotSentReason.Suspended or NotSentReason.ReceiveOverflow
            ? Result.Value.NotSent
            : NotSentReason.None;
}
