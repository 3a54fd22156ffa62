using System.Runtime.InteropServices;

namespace Sonde.Measurement.Timing;

/// <summary>The kernel's clocks. See clock_gettime(2).</summary>
internal static unsafe partial class LibCClock
{
    private const int Realtime = 0;
    private const int Monotonic = 1;
    private const int BootTime = 7;

    /// <summary>Nanoseconds since 1970 by the wall clock; it may be stepped.</summary>
    public static long ReadRealtime() => Read(Realtime);

    /// <summary>Nanoseconds since boot without the time asleep.</summary>
    public static long ReadMonotonic() => Read(Monotonic);

    /// <summary>Nanoseconds since boot with the time asleep.</summary>
    public static long ReadBootTime() => Read(BootTime);

    private static long Read(int clock)
    {
        TimeSpec time;
        _ = GetTime(clock, &time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int GetTime(int clock, TimeSpec* time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
