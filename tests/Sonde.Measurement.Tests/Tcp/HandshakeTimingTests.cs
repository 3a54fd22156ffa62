using Sonde.Measurement.Sockets;
using Sonde.Measurement.Tcp;
using Xunit;

namespace Sonde.Measurement.Tests.Tcp;

public sealed class HandshakeTimingTests
{
    private const long Millisecond = 1_000_000;
    private const long Timeout = 2_000 * Millisecond;

    [Theory]
    [InlineData(20, 20, false)]
    [InlineData(21, 20, false)]
    [InlineData(22, 20, true)]
    [InlineData(1999, 20, true)]
    public void A_time_is_suspect_when_it_exceeds_the_kernels_by_more_than_a_millisecond(
        int measured, uint kernel, bool suspect)
    {
        var result = Judge(measured, new KernelAccount { RttMicroseconds = kernel * 1000 });

        Assert.True(result.IsAnswered);
        Assert.Equal(measured * Millisecond, result.Rtt.Nanoseconds);
        Assert.Equal(suspect, result.IsSuspect);
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(8u, false)]
    [InlineData(20u, true)]
    public void After_a_repeated_SYN_the_whole_time_counts_and_the_answers_age_tells_lateness(uint age, bool suspect)
    {
        var result = Judge(1020, Repeated(age));

        Assert.Equal(1020 * Millisecond, result.Rtt.Nanoseconds);
        Assert.Equal(suspect, result.IsSuspect);
    }

    [Fact]
    public void The_answers_age_does_not_count_the_time_until_the_account_was_read()
    {
        var result = HandshakeTiming.Judge(1, 1020 * Millisecond, Timeout, Repeated(50), 49 * Millisecond);

        Assert.False(result.IsSuspect);
    }

    [Fact]
    public void A_repeated_SYN_that_was_answered_after_the_timeout_is_lost()
    {
        var result = Judge(2001, Repeated(0));

        Assert.Equal(LossReason.Timeout, result.Loss);
        Assert.False(result.IsSuspect);
    }

    [Fact]
    public void A_process_that_slept_past_the_timeout_does_not_blame_the_target()
    {
        var result = Judge(5000, new KernelAccount { RttMicroseconds = 20_000 });

        Assert.True(result.IsAnswered);
        Assert.True(result.IsSuspect);
        Assert.Equal(20 * Millisecond, result.Rtt.Nanoseconds);
    }

    [Fact]
    public void An_answer_after_the_timeout_by_the_kernels_account_is_lost()
    {
        var result = Judge(2500, new KernelAccount { RttMicroseconds = 2_499_000 });

        Assert.Equal(LossReason.Timeout, result.Loss);
    }

    [Fact]
    public void Without_the_kernels_account_the_measured_time_stands()
    {
        Assert.Equal(20 * Millisecond, Judge(20, null).Rtt.Nanoseconds);
        Assert.Equal(LossReason.Timeout, Judge(2001, null).Loss);
    }

    private static KernelAccount Repeated(uint age) =>
        new() { TotalRetransmissions = 1, RttMicroseconds = 0, LastAckReceivedAgoMilliseconds = age };

    private static ProbeResult Judge(long measured, KernelAccount? kernel) =>
        HandshakeTiming.Judge(1, measured * Millisecond, Timeout, kernel, 0);
}
