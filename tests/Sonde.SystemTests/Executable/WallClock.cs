using System.Runtime.InteropServices;
using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>The machine's wall clock, set apart by so much until it is disposed. See clock_settime(2).</summary>
internal sealed partial class WallClock : IDisposable
{
    private const int Realtime = 0;
    private readonly long _distance;

    private WallClock(long distance) => _distance = distance;

    /// <summary>Steps it, or skips the test where that is not permitted.</summary>
    public static WallClock StepOrSkip(TimeSpan step)
    {
        var distance = LibC.RealtimeMinusMonotonic();
        var clock = new WallClock(distance);
        Assert.SkipUnless(
            TrySet(distance + (long)(step.TotalMilliseconds * 1e6)), "setting the clock is not permitted here");
        return clock;
    }

    /// <summary>Sets it back, with the time that has passed since.</summary>
    public void Dispose() => TrySet(_distance);

    private static unsafe bool TrySet(long distance)
    {
        var wall = LibC.Monotonic() + distance;
        var time = stackalloc long[] { wall / 1_000_000_000, wall % 1_000_000_000 };
        return SetTime(Realtime, time) == 0;
    }

    [LibraryImport("libc", EntryPoint = "clock_settime", SetLastError = true)]
    private static unsafe partial int SetTime(int clock, long* time);
}
