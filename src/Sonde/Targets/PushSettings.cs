namespace Sonde.Targets;

/// <summary>How a job tells that it ran: it calls a URL with a token, at least once an interval.</summary>
/// <param name="Token">The token of the URL: 16 to 128 of letters, digits, <c>-</c> and <c>_</c>; a secret.</param>
internal sealed record PushSettings(string Token)
{
    /// <summary>
    /// How much later than the interval a call may come before it counts as lost; in sonde.yaml default a tenth of it.
    /// </summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Leaves the token out.</summary>
    public override string ToString() => nameof(PushSettings);
}
