namespace Sonde.Measurement.Tcp;

/// <summary>How TLS and dialogue ended.</summary>
/// <param name="Loss">Why the probe is lost; <see cref="LossReason.None"/> when every step passed.</param>
/// <param name="Detail">A sentence for people; null where the reason says all.</param>
internal sealed record ConversationOutcome(LossReason Loss, string? Detail = null)
{
    /// <summary>Every step passed.</summary>
    public static ConversationOutcome Passed { get; } = new(LossReason.None);

    /// <summary>The deadline ended it: no answer came late.</summary>
    public bool HasRunOutOfTime { get => field || Loss == LossReason.Timeout; init; }

    /// <summary>This process failed, not the target: the probe says nothing about the network.</summary>
    public bool IsOurFault { get; private init; }

    /// <summary>Whether the peer ended the talk, and no line had matched.</summary>
    public bool IsOfPattern { get; init; }

    /// <summary>What it found.</summary>
    public TcpFindings? Findings { get; init; }

    /// <summary>This process failed.</summary>
    public static ConversationOutcome Fault(string detail) => new(LossReason.None, detail) { IsOurFault = true };

    /// <summary>The probe's result: the handshake's if all passed.</summary>
    public ProbeResult ToResult(in ProbeResult handshake)
    {
        if (IsOurFault)
        {
            return ProbeResult.Unmeasured(handshake.SentAt, NotSentReason.Failed, Detail);
        }
        var result = Loss == LossReason.None ? handshake : ProbeResult.Lost(handshake.SentAt, Loss, Detail);
        return result with { Findings = Findings };
    }
}
