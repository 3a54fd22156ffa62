using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

public sealed class LateRoundTests
{
    private const long Millisecond = 1_000_000;
    private const long Start = 5_000 * Millisecond;

    [Theory]
    [InlineData(500, 0)]
    [InlineData(501, 1)]
    [InlineData(999, 1)]
    [InlineData(-10, 0)]
    public void A_round_that_is_late_by_more_than_half_an_interval_is_skipped_and_counted(int late, int skipped)
    {
        var run = Run(packets: 1);

        Assert.Equal(skipped, run.SkipRoundTooLate(Start + (late * Millisecond)));

        Assert.Equal((7L + skipped, (long)skipped), (run.RoundNumber, run.MissedRounds));
        Assert.Equal(Start + (skipped * 1_000 * Millisecond), run.NextProbeAt);
    }

    [Fact]
    public void A_round_under_way_is_not_skipped()
    {
        var run = Run(packets: 2);
        run.MoveOn();

        Assert.Equal(0, run.SkipRoundTooLate(Start + (900 * Millisecond)));
    }

    private static CheckRun Run(int packets)
    {
        var check = new Check
        {
            Id = CheckId.Parse("icmp-a"),
            Name = "a",
            Kind = CheckKind.Icmp,
            Host = "127.0.0.1",
            Interval = TimeSpan.FromSeconds(1),
            Packets = packets,
        };
        return new CheckRun(check, FamilyChoice.Four, default(SeriesHandle), firstRound: 7, Start);
    }
}
