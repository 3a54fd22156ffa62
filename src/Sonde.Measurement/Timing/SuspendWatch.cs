
namespace Sonde.Measurement.Timing;

/// <summary>
/// How long the machine has been asleep since boot, so that a probe knows whether it slept meanwhile.
/// </summary>
/// <remarks>
/// Its own paired reading, because <see cref="MeasurementClock.Check"/> tells a disturbance to its first caller only.
/// </remarks>
internal sealed class SuspendWatch(Func<long> bootTime, Func<long> monotonic)
{
    /// <summary>Below this a difference of two totals may be the error of the readings.</summary>
    private const long Threshold = 1_000_000;

    private const int Attempts = 5;
    private const long TightEnough = 100_000;

    /// <summary>On the kernel's clocks.</summary>
    public SuspendWatch()
        : this(LibCClock.ReadBootTime, LibCClock.ReadMonotonic)
    {
    }

    /// <summary>
    /// Nanoseconds asleep since boot, to <see cref="TightEnough"/> unless this thread is preempted five times in a row.
    /// </summary>
    public long ReadTotal()
    {
        var best = 0L;
        var width = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && width > TightEnough; attempt++)
        {
            var before = monotonic();
            var boot = bootTime();
            var after = monotonic();
            if (after - before < width)
            {
                width = after - before;
                best = boot - before;
            }
        }
        return best;
    }

    /// <summary>True when the machine slept since <see cref="ReadTotal"/> gave <paramref name="total"/>.</summary>
    public bool HasSleptSince(long total) => ReadTotal() - total > Threshold;
}
