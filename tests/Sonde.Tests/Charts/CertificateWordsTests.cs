using Sonde.Charts;
using Xunit;

namespace Sonde.Tests.Charts;

public sealed class CertificateWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2027-01-23T12:00:00Z", "certificate expires in 63 days (2027-01-23)", "")]
    [InlineData("2026-12-12T12:00:00Z", "certificate expires in 21 days (2026-12-12)", "")]
    [InlineData("2026-12-12T11:59:59Z", "certificate expires in 20 days (2026-12-12)", "soon")]
    [InlineData("2026-11-28T12:00:00Z", "certificate expires in 7 days (2026-11-28)", "soon")]
    [InlineData("2026-11-28T11:59:59Z", "certificate expires in 6 days (2026-11-28)", "very-soon")]
    [InlineData("2026-11-23T11:59:59Z", "certificate expires in 47 hours (2026-11-23)", "very-soon")]
    [InlineData("2026-11-21T12:01:00Z", "certificate expires in 1 minute (2026-11-21)", "very-soon")]
    [InlineData("2026-11-21T12:00:00Z", "certificate expired 0 minutes ago (2026-11-21)", "very-soon")]
    [InlineData("2026-11-18T11:00:00Z", "certificate expired 3 days ago (2026-11-18)", "very-soon")]
    [InlineData("9999-12-31T23:59:59Z", "certificate expires in 2\u202f912\u202f118 days (9999-12-31)", "")]
    public void The_time_left_is_said_in_whole_units_and_never_rounded_up(string end, string words, string urgency)
    {
        var expiresAt = DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(words, CertificateWords.Of(expiresAt, Now));
        Assert.Equal(urgency, CertificateWords.UrgencyOf(expiresAt, Now));
    }

    [Fact]
    public void Without_a_certificate_nothing_is_said() =>
        Assert.Equal(("", ""), (CertificateWords.Of(null, Now), CertificateWords.UrgencyOf(null, Now)));
}
