using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Timing;

public sealed class LatenessWatchTests
{
    private const long Millisecond = 1_000_000;
    private readonly LatenessWatch _watch = new();

    [Theory]
    [InlineData(100 * Millisecond, 99 * Millisecond)]
    [InlineData(100 * Millisecond, 101 * Millisecond)]
    [InlineData(long.MaxValue, 1)] // nothing was planned
    public void Up_to_a_millisecond_is_not_late(long planned, long actual)
    {
        Assert.Equal(0, _watch.Woke(planned, actual));
        Assert.Equal(0, _watch.Count);
        Assert.False(_watch.WasLateAt(Math.Min(planned, actual)));
    }

    [Fact]
    public void More_than_a_millisecond_is_late_by_the_whole_distance()
    {
        Assert.Equal(Millisecond + 1, _watch.Woke(10 * Millisecond, (11 * Millisecond) + 1));
        Assert.Equal(1, _watch.Count);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(120, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void It_was_late_from_the_planned_instant_to_the_actual_one(long instant, bool wasLate)
    {
        _watch.Woke(100 * Millisecond, 200 * Millisecond);

        Assert.Equal(wasLate, _watch.WasLateAt(instant * Millisecond));
    }

    [Fact]
    public void Between_two_times_of_lateness_it_was_on_time()
    {
        _watch.Woke(100 * Millisecond, 200 * Millisecond);
        _watch.Woke(400 * Millisecond, 500 * Millisecond);

        Assert.False(_watch.WasLateAt(300 * Millisecond));
        Assert.True(_watch.WasLateAt(150 * Millisecond));
        Assert.True(_watch.WasLateAt(450 * Millisecond));
    }

    [Fact]
    public void The_last_1024_times_are_remembered()
    {
        for (var i = 0L; i < 2_000; i++)
        {
            _watch.Woke(i * 10 * Millisecond, ((i * 10) + 5) * Millisecond);
        }

        Assert.Equal(2_000, _watch.Count);
        Assert.True(_watch.WasLateAt(976 * 10 * Millisecond));
        Assert.False(_watch.WasLateAt(975 * 10 * Millisecond));
    }
}
