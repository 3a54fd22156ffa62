using Sonde.Measurement.Timing;

namespace Sonde.Benchmarks.Peers;

/// <summary>Waits for just so long, to some 60 µs. One thread at a time.</summary>
internal sealed class ExactDelay(TimeSpan delay) : IDisposable
{
    private readonly MeasurementClock _clock = new();
    private readonly WakeableWait _wait = new();

    /// <summary>Waits.</summary>
    public void Wait()
    {
        var now = _clock.Now;
        _wait.WaitUntil(now + (long)delay.TotalNanoseconds, now, []);
    }

    /// <inheritdoc/>
    public void Dispose() => _wait.Dispose();
}
