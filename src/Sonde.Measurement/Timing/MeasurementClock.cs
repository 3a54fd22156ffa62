namespace Sonde.Measurement.Timing;

/// <summary>
/// The one clock of measuring: the boot-time clock, anchored to UTC. It ties the kernel's packet stamps, which are
/// wall-clock times, to durations, and tells when the wall clock was stepped or the machine slept.
/// </summary>
/// <remarks>
/// One thread at a time. All times are nanoseconds. NTP's slewing moves the wall clock and the monotonic clock alike,
/// so the distance between them changes only when the wall clock is stepped (clock_settime(2), adjtimex(2)), and the
/// distance between boot time and monotonic time only while the machine sleeps (clock_gettime(2)).
/// </remarks>
public sealed class MeasurementClock
{
    /// <summary>
    /// A change of the wall clock's distance by more than this is a step: 100 µs, far above the error of a paired
    /// reading.
    /// </summary>
    public const long StepThreshold = 100_000;

    private const int PairingAttempts = 5;
    private readonly Readings _read;
    private long _realtimeMinusMonotonic;
    private long _bootMinusMonotonic;
    private long _utcMinusBoot;

    /// <summary>Anchors the clock to UTC as the kernel has it now.</summary>
    public MeasurementClock()
        : this(new Readings(LibCClock.ReadRealtime, LibCClock.ReadMonotonic, LibCClock.ReadBootTime))
    {
    }

    /// <summary>A clock on other readings, for tests.</summary>
    internal MeasurementClock(Readings read)
    {
        _read = read;
        _realtimeMinusMonotonic = PairRealtime();
        _bootMinusMonotonic = PairBootTime();
        _utcMinusBoot = _realtimeMinusMonotonic - _bootMinusMonotonic;
    }

    /// <summary>The boot-time clock: durations are differences of this.</summary>
    public long Now => _read.BootTime();

    /// <summary>Now in nanoseconds since 1970 UTC, by the boot-time clock and its anchor.</summary>
    public long UtcNow => ToUtc(Now);

    /// <summary>A boot-time instant as nanoseconds since 1970 UTC.</summary>
    public long ToUtc(long bootTime) => bootTime + _utcMinusBoot;

    /// <summary>A kernel packet stamp (CLOCK_REALTIME) as a boot-time instant, by the anchor now in force.</summary>
    public long FromKernelStamp(long realtime) => realtime - _utcMinusBoot;

    /// <summary>
    /// Looks whether the wall clock was stepped or the machine slept since the last call; if so, anchors anew.
    /// Call it before the stamps of newly arrived packets are read.
    /// </summary>
    public ClockCheck Check()
    {
        var asleep = PairBootTime() - _bootMinusMonotonic;
        var step = PairRealtime() - _realtimeMinusMonotonic - asleep;
        if (Math.Abs(asleep) <= StepThreshold && Math.Abs(step) <= StepThreshold)
        {
            return default;
        }
        _bootMinusMonotonic += asleep;
        _realtimeMinusMonotonic += step + asleep;
        _utcMinusBoot = _realtimeMinusMonotonic - _bootMinusMonotonic;
        return new ClockCheck(Math.Abs(step) > StepThreshold ? step : 0, asleep > StepThreshold ? asleep : 0);
    }

    private long PairRealtime() => Pair(_read.Realtime, _read.Monotonic);

    private long PairBootTime() => Pair(_read.BootTime, _read.Monotonic);

    /// <summary>The distance of two clocks, from the tightest of some readings: first, other, first.</summary>
    private static long Pair(Func<long> clock, Func<long> monotonic)
    {
        var best = 0L;
        var width = long.MaxValue;
        for (var attempt = 0; attempt < PairingAttempts && width > 1_000; attempt++)
        {
            var before = monotonic();
            var reading = clock();
            var after = monotonic();
            if (after - before < width)
            {
                width = after - before;
                best = reading - (before + (width / 2));
            }
        }
        return best;
    }

    /// <summary>Where the clock reads from.</summary>
    internal sealed record Readings(Func<long> Realtime, Func<long> Monotonic, Func<long> BootTime);
}

/// <summary>What <see cref="MeasurementClock.Check"/> found.</summary>
/// <param name="Step">By how many nanoseconds the wall clock was stepped; 0 if it was not.</param>
/// <param name="Asleep">For how many nanoseconds the machine was suspended; 0 if it was not.</param>
public readonly record struct ClockCheck(long Step, long Asleep)
{
    /// <summary>True when probes under way cannot be timed any more.</summary>
    public bool IsDisturbed => Step != 0 || Asleep != 0;
}
