using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Samples;

public class RunNumberTests
{
    [Fact]
    public void Without_a_store_it_is_the_seconds_since_2020()
    {
        var time = new ManualTimeProvider();
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(((2_192L * 86_400) + 5), RunNumber.WithoutStore(time));
    }

    [Fact]
    public void A_clock_that_was_never_set_gives_a_number_that_counting_does_not_reach_soon()
    {
        var number = RunNumber.WithoutStore(new UnsetClock());

        Assert.InRange(number, RunNumber.Max / 2, RunNumber.Max - 1_000_000);
    }

    [Fact]
    public void The_greatest_run_has_rounds_that_fit()
    {
        Assert.True(RunNumber.FirstRound(RunNumber.Max) > 0);
        Assert.Equal(RunNumber.Max, RunNumber.Of(RunNumber.FirstRound(RunNumber.Max) + uint.MaxValue));
    }

    private sealed class UnsetClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
