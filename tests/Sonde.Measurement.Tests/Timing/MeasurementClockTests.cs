using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Timing;

public sealed class MeasurementClockTests
{
    private const long Second = 1_000_000_000;
    private long _realtime = 1_700_000_000 * Second;
    private long _monotonic = 500 * Second;
    private long _boot = 900 * Second;
    private int _readingsToInterruption;

    [Fact]
    public void It_is_the_boot_time_clock_anchored_to_UTC()
    {
        var clock = MakeClock();
        Pass(3 * Second);
        var now = clock.Now;

        Assert.Equal(_boot, now);
        Assert.InRange(clock.UtcNow - _realtime, -100, 100);
        Assert.InRange(clock.ToUtc(_boot - Second) - (_realtime - Second), -200, 200);
    }

    [Fact]
    public void A_kernel_stamp_becomes_the_boot_time_of_that_instant()
    {
        var clock = MakeClock();
        Pass(Second);

        Assert.InRange(clock.FromKernelStamp(_realtime) - _boot, -100, 100);
        Assert.Equal(4711, clock.FromKernelStamp(clock.ToUtc(4711)));
    }

    [Fact]
    public void While_time_passes_evenly_nothing_is_found()
    {
        var clock = MakeClock();

        for (var i = 0; i < 1_000; i++)
        {
            Pass(Second);
            Assert.False(clock.Check().IsDisturbed);
        }
    }

    [Fact]
    public void Slewing_is_no_step()
    {
        var clock = MakeClock();

        for (var i = 0; i < 1_000; i++)
        {
            Pass(Second + 500_000); // NTP lets all clocks but the raw one run 500 ppm faster
            Assert.False(clock.Check().IsDisturbed);
        }
    }

    [Theory]
    [InlineData(3_600 * Second)]
    [InlineData(-3_600 * Second)]
    [InlineData(150_000)]
    [InlineData(-150_000)]
    public void A_step_of_the_wall_clock_is_found_once_and_anchors_anew(long step)
    {
        var clock = MakeClock();
        Pass(Second);
        _realtime += step;

        var check = clock.Check();

        Assert.InRange(check.Step - step, -200, 200);
        Assert.Equal(0, check.Asleep);
        Assert.True(check.IsDisturbed);
        Assert.False(clock.Check().IsDisturbed);
        Assert.InRange(clock.FromKernelStamp(_realtime) - _boot, -300, 300);
    }

    [Fact]
    public void A_step_does_not_move_the_clock_itself()
    {
        var clock = MakeClock();
        var before = clock.Now;
        _realtime += Second;
        clock.Check();

        Assert.InRange(clock.Now - before, 0, 10_000);
    }

    [Fact]
    public void A_suspended_machine_is_found_and_is_no_step()
    {
        var clock = MakeClock();
        Pass(Second);
        Suspend(600 * Second);

        var check = clock.Check();

        Assert.Equal(0, check.Step);
        Assert.InRange(check.Asleep - (600 * Second), -200, 200);
        Assert.False(clock.Check().IsDisturbed);
        Assert.InRange(clock.FromKernelStamp(_realtime) - _boot, -300, 300);
    }

    [Fact]
    public void A_step_while_suspended_is_told_apart()
    {
        var clock = MakeClock();
        Suspend(600 * Second);
        _realtime -= 5 * Second;

        var check = clock.Check();

        Assert.InRange(check.Step + (5 * Second), -300, 300);
        Assert.InRange(check.Asleep - (600 * Second), -200, 200);
        Assert.InRange(clock.UtcNow - _realtime, -300, 300);
    }

    [Fact]
    public void Steps_too_small_to_see_are_found_when_they_add_up()
    {
        var clock = MakeClock();
        _realtime += 60_000;
        Assert.False(clock.Check().IsDisturbed);
        _realtime += 60_000;

        Assert.InRange(clock.Check().Step, 119_000, 121_000);
    }

    [Fact]
    public void A_reading_that_was_interrupted_is_taken_again()
    {
        var clock = MakeClock();
        _readingsToInterruption = 2; // the thread loses the processor between the two clocks

        Assert.False(clock.Check().IsDisturbed);
    }

    private MeasurementClock MakeClock() => new(new MeasurementClock.Readings(
        () => Read(ref _realtime), () => Read(ref _monotonic), () => Read(ref _boot)));

    /// <summary>All clocks go on while one is read: 50 ns, and 2 ms when the thread is interrupted.</summary>
    private long Read(ref long clock)
    {
        Pass(_readingsToInterruption-- == 1 ? 2_000_000 : 50);
        return clock;
    }

    private void Pass(long nanoseconds)
    {
        _realtime += nanoseconds;
        _monotonic += nanoseconds;
        _boot += nanoseconds;
    }

    private void Suspend(long nanoseconds)
    {
        _realtime += nanoseconds;
        _boot += nanoseconds;
    }
}
