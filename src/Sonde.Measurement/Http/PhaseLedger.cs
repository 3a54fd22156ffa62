namespace Sonde.Measurement.Http;

/// <summary>
/// Books the time of a probe to its phases. The end of one is the beginning of the next, so no time is lost between.
/// </summary>
/// <remarks>One task at a time. All instants are boot-time nanoseconds.</remarks>
internal sealed class PhaseLedger(long startedAt)
{
    private static readonly string[] Words = ["resolve", "connect", "tls", "processing", "transfer"];
    private readonly long[] _nanoseconds = new long[Words.Length];
    private readonly bool[] _isMeasured = new bool[Words.Length];
    private long _bookedUntil = startedAt;

    /// <summary>When the first phase began.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>The phase that goes on.</summary>
    public HttpPhase Current { get; private set; }

    /// <summary>What was booked in all: always the sum of the phases.</summary>
    public long Booked => _bookedUntil - StartedAt;

    /// <summary>A phase begins where the last one ended.</summary>
    public void Enter(HttpPhase phase) => Current = phase;

    /// <summary>The phase that goes on came through at this instant, and another begins.</summary>
    public void End(long at, HttpPhase next)
    {
        at = Math.Max(at, _bookedUntil);
        _nanoseconds[(int)Current] += at - _bookedUntil;
        _isMeasured[(int)Current] = true;
        _bookedUntil = at;
        Current = next;
    }

    /// <summary>The times so far.</summary>
    public HttpPhaseTimes Read() => new(
        Time(HttpPhase.Resolve), Time(HttpPhase.Connect), Time(HttpPhase.Tls), Time(HttpPhase.Processing),
        Time(HttpPhase.Transfer));

    /// <summary>The phases that came through, in their order, and the one in which the probe was lost.</summary>
    /// <param name="loss">Why the probe was lost in <see cref="Current"/>; none when it came through all.</param>
    public IEnumerable<Finding> ToFindings(LossReason loss)
    {
        for (var phase = HttpPhase.Resolve; phase <= HttpPhase.Transfer; phase++)
        {
            if (loss != LossReason.None && phase == Current)
            {
                yield return new Finding(Words[(int)phase], "us", 0, loss);
            }
            else if (_isMeasured[(int)phase])
            {
                yield return new Finding(Words[(int)phase], "us", (_nanoseconds[(int)phase] + 500) / 1000);
            }
        }
    }

    private TimeSpan Time(HttpPhase phase) => new(_nanoseconds[(int)phase] / TimeSpan.NanosecondsPerTick);
}
