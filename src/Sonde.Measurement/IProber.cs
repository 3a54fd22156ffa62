using System.Net;

namespace Sonde.Measurement;

/// <summary>One way of probing. Every kind has one; they never know each other.</summary>
/// <remarks>
/// One thread owns a prober and makes all calls. Probes overlap: <see cref="Begin"/> returns at once, and the end of
/// each probe is told to the <see cref="IProbeObserver"/> that the prober was made with, exactly once, from within
/// <see cref="Begin"/> or <see cref="Advance"/> of the owner's thread.
/// </remarks>
public interface IProber : IDisposable
{
    /// <summary>Sends one probe to <paramref name="target"/>.</summary>
    /// <param name="ticket">The caller's number for the probe; it comes back with the result.</param>
    /// <param name="target">What to probe: of the type that this prober understands.</param>
    void Begin(long ticket, ProbeTarget target);

    /// <summary>
    /// Hands over what <see cref="Begin"/> has gathered, takes in what has arrived, ends what has timed out.
    /// </summary>
    /// <returns>
    /// When it wants to be called again at the latest, in <see cref="Timing.MeasurementClock.Now"/> nanoseconds;
    /// <see cref="long.MaxValue"/> when nothing is under way.
    /// </returns>
    long Advance();
}

/// <summary>Hears how probes ended.</summary>
public interface IProbeObserver
{
    /// <summary>The probe that was begun with <paramref name="ticket"/> has ended.</summary>
    void Ended(long ticket, ProbeTarget target, in ProbeResult result);

    /// <summary>A further copy of an answer came (RFC 5560), after its probe had ended as answered.</summary>
    void CameAgain(long ticket, ProbeTarget target);

    /// <summary>
    /// An answer came after its probe was given up as lost. It is counted, and never makes a second sample.
    /// </summary>
    void CameLate(long ticket, ProbeTarget target);
}

/// <summary>Whom to probe, and how patiently. Each prober has its own subclass with what its kind needs.</summary>
/// <param name="address">The address to send to.</param>
/// <param name="timeout">How long an answer may take; 10 ms to 60 s.</param>
public abstract class ProbeTarget(IPAddress address, TimeSpan timeout)
{
    /// <summary>The address to send to.</summary>
    public IPAddress Address { get; } = address;

    /// <summary>How long an answer may take before the probe is lost.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>The caller's own, by which it knows the target again; the probers do not look at it.</summary>
    public object? Owner { get; init; }
}
