using System.Net;
using System.Net.Sockets;
using Sonde.Measurement;
using Sonde.Measurement.Http;
using Sonde.Measurement.Timing;

namespace Sonde.Benchmarks.Peers;

/// <summary>Drives the library's HTTP prober as the probing loop does, and gathers the results.</summary>
internal sealed class HttpProbeLoop : IProbeObserver, IDisposable
{
    private readonly MeasurementClock _clock = new();
    private readonly WakeableWait _wait = new();
    private readonly HttpProber _prober;
    private readonly List<ProbeResult> _results = [];

    /// <summary>A loop; names are resolved by <paramref name="resolve"/>, or by the system.</summary>
    public HttpProbeLoop(Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        _prober = new HttpProber(_clock, this, resolve);

    /// <summary>Probes at a fixed rate, and waits for the last answer.</summary>
    /// <param name="targets">They are asked in turn.</param>
    /// <param name="count">How many probes.</param>
    /// <param name="gap">Time between two starts.</param>
    public IReadOnlyList<ProbeResult> Run(IReadOnlyList<HttpTarget> targets, int count, TimeSpan gap)
    {
        _results.Clear();
        var start = _clock.Now;
        var nanoseconds = (long)gap.TotalNanoseconds;
        for (var begun = 0; _results.Count < count;)
        {
            while (begun < count && start + (begun * nanoseconds) <= _clock.Now)
            {
                _prober.Begin(begun, targets[begun % targets.Count]);
                begun++;
            }
            _ = _prober.Advance();
            var next = begun < count ? start + (begun * nanoseconds) : _clock.Now + 100_000_000;
            _wait.WaitUntil(next, _clock.Now, [_prober.WakeFileDescriptor]);
        }
        return [.. _results];
    }

    /// <summary>Probes one after the other.</summary>
    public IReadOnlyList<ProbeResult> RunEach(HttpTarget target, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Run([target], 1, TimeSpan.Zero)[0])];

    /// <inheritdoc/>
    public void Dispose()
    {
        _prober.Dispose();
        _wait.Dispose();
    }

    void IProbeObserver.Ended(long ticket, ProbeTarget target, in ProbeResult result) => _results.Add(result);

    void IProbeObserver.CameAgain(long ticket, ProbeTarget target) =>
        throw new InvalidOperationException("an answer comes once");

    void IProbeObserver.CameLate(long ticket, ProbeTarget target)
    {
    }
}
