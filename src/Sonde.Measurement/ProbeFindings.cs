namespace Sonde.Measurement;

/// <summary>
/// What a probe found besides its round-trip time: each kind that finds more has its own subclass with all of it.
/// </summary>
public abstract class ProbeFindings
{
    /// <summary>
    /// What of it is worth a series of its own, in the order in which it was measured; empty when nothing is.
    /// </summary>
    public abstract IReadOnlyList<Finding> Quantities { get; }
}

/// <summary>A quantity that a probe measured besides its round-trip time, for example a phase of it.</summary>
/// <param name="Quantity">
/// What it is: a phase (<c>resolve connect tls processing transfer</c>), or another word of the quantities.
/// </param>
/// <param name="Unit">The unit of <paramref name="Value"/>: <c>us</c> for phases.</param>
/// <param name="Value">The value; 0 when lost.</param>
/// <param name="Loss">Why the probe was lost in this phase; none when it came through.</param>
public readonly record struct Finding(string Quantity, string Unit, long Value, LossReason Loss = LossReason.None);
