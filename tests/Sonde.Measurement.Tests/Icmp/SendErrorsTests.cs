using Sonde.Measurement.Icmp;
using Xunit;

namespace Sonde.Measurement.Tests.Icmp;

public sealed class SendErrorsTests
{
    [Theory]
    [InlineData(1, NotSentReason.NoPermission)] // EPERM
    [InlineData(13, NotSentReason.NoPermission)] // EACCES
    [InlineData(22, NotSentReason.NoRoute)] // EINVAL
    [InlineData(99, NotSentReason.NoRoute)] // EADDRNOTAVAIL
    [InlineData(100, NotSentReason.NoRoute)] // ENETDOWN
    [InlineData(101, NotSentReason.NoRoute)] // ENETUNREACH
    [InlineData(113, NotSentReason.NoRoute)] // EHOSTUNREACH
    [InlineData(11, NotSentReason.NoBuffers)] // EAGAIN
    [InlineData(105, NotSentReason.NoBuffers)] // ENOBUFS
    [InlineData(5, NotSentReason.Failed)] // EIO
    public void Each_error_has_its_reason_and_a_sentence(int error, NotSentReason reason)
    {
        Assert.Equal(reason, SendErrors.ToReason(error));
        Assert.NotEmpty(SendErrors.ToSentence(error));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(105)]
    public void The_usual_sentences_are_kept(int error) =>
        Assert.Same(SendErrors.ToSentence(error), SendErrors.ToSentence(error));
}
