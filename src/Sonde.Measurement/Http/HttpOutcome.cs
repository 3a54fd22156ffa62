namespace Sonde.Measurement.Http;

/// <summary>How a probe ended, if not as it should.</summary>
/// <param name="Loss">Why it is lost; none when it says nothing about the network.</param>
/// <param name="Detail">A sentence for people; null where the reason says all.</param>
/// <param name="NotSent">Why it says nothing about the network; none when it is lost.</param>
internal sealed record HttpOutcome(
    LossReason Loss, string? Detail = null, NotSentReason NotSent = NotSentReason.None)
{
    /// <summary>Whether the pattern of a header or of the body was not kept.</summary>
    public bool IsOfPattern { get; init; }

    /// <summary>Whether everything came through, and what came is not what is expected.</summary>
    public bool IsOfExpectation { get; init; }

    /// <summary>The probe says nothing about the network.</summary>
    public static HttpOutcome Unmeasured(NotSentReason reason, string detail) => new(LossReason.None, detail, reason);

    /// <summary>What came is not what is expected.</summary>
    public static HttpOutcome Unexpected(LossReason loss, string detail, bool isOfPattern = false) =>
        new(loss, detail) { IsOfExpectation = true, IsOfPattern = isOfPattern };
}
