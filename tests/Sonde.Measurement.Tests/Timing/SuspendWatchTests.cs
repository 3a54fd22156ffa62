using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Timing;

public sealed class SuspendWatchTests
{
    private const long Second = 1_000_000_000;
    private long _asleep;
    private long _monotonic = 500 * Second;

    [Fact]
    public void Time_that_passes_awake_is_no_sleep()
    {
        var watch = Watch(readingTakes: 100);
        var total = watch.ReadTotal();

        _monotonic += 60 * Second;

        Assert.False(watch.HasSleptSince(total));
    }

    [Fact]
    public void A_second_asleep_is_seen()
    {
        var watch = Watch(readingTakes: 100);
        var total = watch.ReadTotal();

        _asleep += Second;

        Assert.True(watch.HasSleptSince(total));
    }

    [Fact]
    public void A_reading_that_was_interrupted_is_taken_again()
    {
        var interruptions = 3;
        SuspendWatch watch = new(
            () => _monotonic + _asleep,
            () => _monotonic += interruptions-- > 0 ? 10_000_000 : 100);

        Assert.InRange(watch.ReadTotal(), 0, 100_000);
    }

    private SuspendWatch Watch(long readingTakes) => new(() => _monotonic + _asleep, () => _monotonic += readingTakes);
}
