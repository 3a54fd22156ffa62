using System.Net;
using System.Net.Sockets;
using Sonde.Measurement.Http;
using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Http;

/// <summary>A prober with its observer, driven as the probing loop drives it.</summary>
internal sealed class HttpRun : IProbeObserver, IDisposable
{
    private const long Patience = 30_000_000_000;
    private readonly MeasurementClock _clock = new();
    private readonly WakeableWait _wait = new();

    public HttpRun(
        int capacity = 600, Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        Prober = new HttpProber(_clock, this, capacity, resolve);

    public HttpProber Prober { get; }

    /// <summary>Every end that was told, by ticket.</summary>
    public Dictionary<long, ProbeResult> Ends { get; } = [];

    public int Late { get; private set; }

    public static ProbeResult Probe(
        HttpTarget target, Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        using HttpRun run = new(resolve: resolve);
        run.Prober.Begin(1, target);
        run.WaitFor(1);
        return run.Ends[1];
    }

    /// <summary>Advances the prober until so many ends were told.</summary>
    public void WaitFor(int count)
    {
        var giveUpAt = _clock.Now + Patience;
        while (true)
        {
            var next = Prober.Advance();
            if (Ends.Count >= count)
            {
                return;
            }
            Assert.True(_clock.Now < giveUpAt, $"Only {Ends.Count} of {count} probes ended.");
            _wait.WaitUntil(Math.Min(next, giveUpAt), _clock.Now, [Prober.WakeFileDescriptor]);
        }
    }

    public void Dispose()
    {
        Prober.Dispose();
        _wait.Dispose();
    }

    void IProbeObserver.Ended(long ticket, ProbeTarget target, in ProbeResult result) => Ends.Add(ticket, result);

    void IProbeObserver.CameAgain(long ticket, ProbeTarget target) =>
        throw new InvalidOperationException("an answer comes once");

    void IProbeObserver.CameLate(long ticket, ProbeTarget target) => Late++;
}
