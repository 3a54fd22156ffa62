using Sonde.Measurement.Sockets;
using Xunit;

namespace Sonde.Measurement.Tests.Sockets;

public sealed class ConnectFailureTests
{
    [Theory]
    [InlineData(101, NotSentReason.NoRoute)]    // ENETUNREACH
    [InlineData(113, NotSentReason.NoRoute)]    // EHOSTUNREACH
    [InlineData(97, NotSentReason.NoRoute)]     // EAFNOSUPPORT
    [InlineData(99, NotSentReason.NoRoute)]     // EADDRNOTAVAIL
    [InlineData(1, NotSentReason.NoPermission)] // EPERM
    [InlineData(13, NotSentReason.NoPermission)] // EACCES
    [InlineData(105, NotSentReason.NoBuffers)]  // ENOBUFS
    [InlineData(12, NotSentReason.NoBuffers)]   // ENOMEM
    [InlineData(11, NotSentReason.NoBuffers)]   // EAGAIN
    [InlineData(24, NotSentReason.Failed)]      // EMFILE
    [InlineData(23, NotSentReason.Failed)]      // ENFILE
    [InlineData(22, NotSentReason.Failed)]      // EINVAL
    public void An_error_before_the_SYN_is_never_a_loss(int error, NotSentReason reason)
    {
        var result = ConnectFailure.BeforeSending(1, error);

        Assert.Equal(reason, result.NotSent);
        Assert.True(error is 101 or 113 || result.Detail!.Length > 0);
    }

    [Theory]
    [InlineData(111, LossReason.Refused)]            // ECONNREFUSED
    [InlineData(104, LossReason.Reset)]              // ECONNRESET
    [InlineData(110, LossReason.Timeout)]            // ETIMEDOUT
    [InlineData(101, LossReason.NetworkUnreachable)] // ENETUNREACH
    [InlineData(113, LossReason.HostUnreachable)]    // EHOSTUNREACH
    [InlineData(13, LossReason.Prohibited)]          // EACCES
    [InlineData(92, LossReason.ProtocolUnreachable)] // ENOPROTOOPT
    [InlineData(90, LossReason.PacketTooBig)]        // EMSGSIZE
    [InlineData(71, LossReason.ParameterProblem)]    // EPROTO
    public void An_error_after_the_SYN_is_a_loss(int error, LossReason reason) =>
        Assert.Equal(reason, ConnectFailure.AfterSending(1, error).Loss);

    [Fact]
    public void An_unknown_error_blames_nobody() =>
        Assert.Equal(NotSentReason.Failed, ConnectFailure.AfterSending(1, 5).NotSent);
}
