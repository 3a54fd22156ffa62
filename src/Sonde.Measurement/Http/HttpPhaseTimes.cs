namespace Sonde.Measurement.Http;

/// <summary>How long each phase took; zero for a phase that there was none of.</summary>
/// <param name="Resolve">See <see cref="HttpPhase.Resolve"/>.</param>
/// <param name="Connect">See <see cref="HttpPhase.Connect"/>.</param>
/// <param name="Tls">See <see cref="HttpPhase.Tls"/>.</param>
/// <param name="Processing">See <see cref="HttpPhase.Processing"/>.</param>
/// <param name="Transfer">See <see cref="HttpPhase.Transfer"/>.</param>
public readonly record struct HttpPhaseTimes(
    TimeSpan Resolve, TimeSpan Connect, TimeSpan Tls, TimeSpan Processing, TimeSpan Transfer)
{
    /// <summary>The sum of all.</summary>
    public TimeSpan Sum => Resolve + Connect + Tls + Processing + Transfer;
}
