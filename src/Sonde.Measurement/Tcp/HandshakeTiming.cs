using Sonde.Measurement.Sockets;

namespace Sonde.Measurement.Tcp;

/// <summary>Turns the two stamps around a connect and the kernel's own account into a result.</summary>
/// <remarks>
/// <para>The reported time is what this process measured: from just before connect(2) until the socket was seen to be
/// connected. The kernel's <c>tcpi_rtt</c> is the time between the same two segments by its own stamps, so what the
/// measured time has above it is our lateness; above 1 ms the sample is suspect.</para>
/// <para>When the SYN had to be sent again, the first one or its answer was lost, and which SYN the answer belongs to
/// cannot be known (RFC 6298 section 3, Karn). Reported is the whole time from the first SYN, the wait for the
/// repetition included: so long it took to connect, and it is what every program that connects meets. It shows as a
/// step of 1 s, 3 s, … above the others. The kernel's time is no yardstick then, and lateness is judged by how long
/// ago the answer arrived, to two ticks of the kernel.</para>
/// <para>When the measured time exceeds the timeout only because this process was late (stopped, starved), the target
/// is not blamed: the kernel's time is reported, as suspect, because the measured one says nothing about the
/// network.</para>
/// </remarks>
internal static class HandshakeTiming
{
    /// <summary>More than this above the kernel's time is our lateness: 1 ms, by the rule of the record.</summary>
    public const long LatenessLimit = 1_000_000;

    /// <summary>
    /// Two ticks of a kernel with 250 ticks a second: below it <c>tcpi_last_ack_recv</c> says nothing.
    /// </summary>
    private const long AnswerWaitLimit = 8_000_000;

    /// <summary>The result of a handshake that succeeded.</summary>
    /// <param name="sentAt">UTC nanoseconds.</param>
    /// <param name="measured">From before connect(2) until it was seen to be connected, in nanoseconds.</param>
    /// <param name="timeout">In nanoseconds.</param>
    /// <param name="kernel">The kernel's account; null when it gives none: then nothing is suspect.</param>
    /// <param name="accountAge">How long after the handshake was seen the account was read, in nanoseconds.</param>
    public static ProbeResult Judge(long sentAt, long measured, long timeout, KernelAccount? kernel, long accountAge)
    {
        var isInTime = measured <= timeout;
        var answered = ProbeResult.Answered(sentAt, new(measured));
        var timedOut = ProbeResult.Lost(sentAt, LossReason.Timeout);
        if (kernel is not { } account)
        {
            return isInTime ? answered : timedOut;
        }
        if (account.TotalRetransmissions > 0)
        {
            var waited = (account.LastAckReceivedAgoMilliseconds * 1_000_000L) - accountAge;
            return (isInTime ? answered : timedOut) with { IsSuspect = waited > AnswerWaitLimit };
        }
        var kernelRtt = account.RttMicroseconds * 1000L;
        if (isInTime)
        {
            return answered with { IsSuspect = measured - kernelRtt > LatenessLimit };
        }
        return kernelRtt <= timeout
            ? ProbeResult.Answered(sentAt, new(kernelRtt)) with { IsSuspect = true }
            : timedOut;
    }
}
