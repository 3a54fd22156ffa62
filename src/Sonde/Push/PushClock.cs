namespace Sonde.Push;

/// <summary>One reading of the clocks.</summary>
/// <param name="Elapsed">Time since the clock was made, for durations.</param>
/// <param name="Watched">Of it, the time in which this process ran, for patience.</param>
/// <param name="UtcMilliseconds">The time of day: milliseconds since 1970 UTC.</param>
/// <param name="IsLate">True when the process did not run just before, so that a call may have waited.</param>
internal readonly record struct PushMoment(TimeSpan Elapsed, TimeSpan Watched, long UtcMilliseconds, bool IsLate);

/// <summary>
/// Tells the time in which calls can be heard from the time in which this process was stopped: nobody is silent while
/// nobody listens. One caller at a time, at least every second.
/// </summary>
internal sealed class PushClock(TimeProvider time)
{
    /// <summary>What passes between two readings beyond this was not watched.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    /// <summary>How long after a stop the calls that waited meanwhile come in.</summary>
    private static readonly TimeSpan CatchingUp = TimeSpan.FromSeconds(1);

    private readonly long _madeAt = time.GetTimestamp();
    private TimeSpan _elapsed;
    private TimeSpan _watched;
    private TimeSpan? _resumedAt;

    /// <summary>Reads the clocks.</summary>
    public PushMoment Read()
    {
        var elapsed = time.GetElapsedTime(_madeAt);
        var step = elapsed - _elapsed;
        if (step > LongestStep)
        {
            (step, _resumedAt) = (LongestStep, elapsed);
        }
        (_elapsed, _watched) = (elapsed, _watched + step);
        return new PushMoment(
            elapsed, _watched, time.GetUtcNow().ToUnixTimeMilliseconds(), IsLate: elapsed - _resumedAt < CatchingUp);
    }
}
