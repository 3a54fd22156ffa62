using System.Net;
using Sonde.Measurement;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.SystemTests.Icmp;

/// <summary>Owns an ICMP prober, drives it as a probing loop would, and keeps what it tells.</summary>
internal sealed class ProbingRun : IProbeObserver, IDisposable
{
    /// <summary>Longer than any test's hosts take; only a test that fails waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly MeasurementClock _clock = new();
    private long _begun;

    public ProbingRun(bool stampTransmit = true) => Prober = new IcmpProber(_clock, this, stampTransmit);

    public IcmpProber Prober { get; }

    /// <summary>How each probe ended, by its ticket: 1 for the first begun.</summary>
    public SortedDictionary<long, ProbeResult> Results { get; } = [];

    /// <summary>The tickets of which a further answer came, once for each.</summary>
    public List<long> Again { get; } = [];

    /// <summary>The tickets of which an answer came late.</summary>
    public List<long> Late { get; } = [];

    /// <summary>The only result.</summary>
    public ProbeResult Result => Assert.Single(Results).Value;

    /// <summary>Done when a probe has ended, within the prober's call; given its ticket.</summary>
    public Action<long>? WhenEnded { get; init; }

    /// <summary>Begins a probe; tickets count up from 1.</summary>
    public void Begin(IPAddress address, int timeoutMilliseconds = 1000, int size = 56, byte? timeToLive = null) =>
        Prober.Begin(
            ++_begun, new IcmpTarget(address, TimeSpan.FromMilliseconds(timeoutMilliseconds), size, timeToLive));

    /// <summary>Advances until every probe has ended.</summary>
    public void AdvanceToTheEnd() => AdvanceUntil(() => Results.Count == _begun);

    /// <summary>Advances until something holds.</summary>
    public void AdvanceUntil(Func<bool> holds)
    {
        var end = _clock.Now + (long)Patience.TotalNanoseconds;
        do
        {
            Prober.Advance();
            Thread.SpinWait(500);
        }
        while (!holds() && _clock.Now < end);
        Assert.True(holds(), $"after {Patience.TotalSeconds} s {Results.Count} of {_begun} probes have ended");
    }

    /// <summary>Advances for a while, to see that nothing more comes.</summary>
    public void AdvanceFor(TimeSpan duration)
    {
        var end = _clock.Now + (long)duration.TotalNanoseconds;
        AdvanceUntil(() => _clock.Now >= end);
    }

    void IProbeObserver.Ended(long ticket, ProbeTarget target, in ProbeResult result)
    {
        Results.Add(ticket, result); // the same ticket twice throws
        WhenEnded?.Invoke(ticket);
    }

    void IProbeObserver.CameAgain(long ticket, ProbeTarget target) => Again.Add(ticket);

    void IProbeObserver.CameLate(long ticket, ProbeTarget target) => Late.Add(ticket);

    public void Dispose() => Prober.Dispose();
}
