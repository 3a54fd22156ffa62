using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Timing;

public sealed class WakeableWaitTests
{
    private const long Millisecond = 1_000_000;

    /// <summary>Only a wait that nobody wakes takes as long: a failure, not the rule.</summary>
    private const long Long = 20_000 * Millisecond;

    private readonly MeasurementClock _clock = new();

    [Theory]
    [InlineData(-Long)]
    [InlineData(0)]
    public void An_instant_that_has_passed_is_not_waited_for(long distance)
    {
        using var wait = new WakeableWait();
        var now = _clock.Now;

        wait.WaitUntil(now + distance, now, []);

        Assert.InRange(_clock.Now - now, 0, Long);
    }

    [Fact]
    public void It_does_not_end_before_the_instant()
    {
        using var wait = new WakeableWait();
        var now = _clock.Now;

        wait.WaitUntil(now + (3 * Millisecond), now, []);

        Assert.InRange(_clock.Now - now, 3 * Millisecond, Long);
    }

    [Fact]
    public async Task Another_thread_ends_the_wait()
    {
        using var wait = new WakeableWait();
        using var waiting = new SemaphoreSlim(0);
        var now = _clock.Now;
        var waker = Task.Run(
            async () =>
            {
                await waiting.WaitAsync(TestContext.Current.CancellationToken);
                wait.Wake();
            },
            TestContext.Current.CancellationToken);

        waiting.Release();
        wait.WaitUntil(now + Long, now, []);

        await waker;
        Assert.InRange(_clock.Now - now, 0, Long - 1);
    }

    [Fact]
    public void A_wake_before_the_wait_ends_the_next_one_and_only_that()
    {
        using var wait = new WakeableWait();
        wait.Wake();
        wait.Wake();
        var now = _clock.Now;
        wait.WaitUntil(now + Long, now, []);

        now = _clock.Now;
        wait.WaitUntil(now + (3 * Millisecond), now, []);

        Assert.InRange(_clock.Now - now, 3 * Millisecond, Long);
    }

    [Fact]
    public void A_descriptor_that_can_be_read_ends_the_wait()
    {
        using var wait = new WakeableWait();
        using var file = File.OpenHandle("/dev/zero");
        var now = _clock.Now;

        wait.WaitUntil(now + Long, now, [-1, (int)file.DangerousGetHandle()]);

        Assert.InRange(_clock.Now - now, 0, Long - 1);
    }

    [Fact]
    public void More_descriptors_than_it_has_room_for_are_refused()
    {
        using var wait = new WakeableWait();
        wait.WaitUntil(0, 0, [-1, -1, -1, -1, -1, -1, -1]);

        Assert.Throws<ArgumentOutOfRangeException>(() => wait.WaitUntil(0, 0, [-1, -1, -1, -1, -1, -1, -1, -1]));
    }
}
