using System.Net;
using Sonde.Measurement;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Timing;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Icmp;

/// <summary>Long runs make no garbage.</summary>
[Collection(LabRun.Name)]
public sealed class IcmpAllocationTests(ITestOutputHelper output)
{
    /// <summary>
    /// At most: probes are remembered for 3.2 s, so the flight table holds fewer than 2^17 of them, and has that size
    /// once it held 2^16, for which half this rate is enough.
    /// </summary>
    private const int ProbesPerSecond = 39_000;

    private const int Burst = 64;

    [Fact]
    public void A_million_probes_allocate_less_than_100_kilobytes()
    {
        Assert.SkipWhen(LibC.EffectiveUser() != 0, "ICMP on loopback needs root");
        const int Probes = 1_000_000;
        var targets = Enumerable.Range(0, 1000)
            .Select(n => new IcmpTarget(
                new IPAddress([127, 0, (byte)(1 + (n / 250)), (byte)(1 + (n % 250))]), TimeSpan.FromMilliseconds(200)))
            .ToArray();
        var count = new Count();
        using var prober = new IcmpProber(new MeasurementClock(), count);
        Probe(prober, count, targets, 5 * ProbesPerSecond);   // so long that every table has its size
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Probe(prober, count, targets, Probes);

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        output.WriteLine($"{allocated} bytes; {count.Answered} of {count.Ended} answered");
        Assert.True(count.Answered > 0.99 * count.Ended, $"only {count.Answered} of {count.Ended} were answered");
        Assert.True(allocated < 100_000, $"{allocated} bytes were allocated for {Probes} probes");
    }

    private static void Probe(IcmpProber prober, Count count, IcmpTarget[] targets, int probes)
    {
        var end = count.Ended + probes;
        var nextAt = LibC.Monotonic();
        for (var begun = 0; count.Ended < end;)
        {
            if (LibC.Monotonic() >= nextAt)
            {
                // from now, not from when it was due: what was missed stays missed
                nextAt = LibC.Monotonic() + (Burst * 1_000_000_000L / ProbesPerSecond);
                for (var last = Math.Min(begun + Burst, probes); begun < last; begun++)
                {
                    prober.Begin(begun, targets[begun % targets.Length]);
                }
            }
            prober.Advance();
        }
    }

    private sealed class Count : IProbeObserver
    {
        public long Ended { get; private set; }

        public long Answered { get; private set; }

        void IProbeObserver.Ended(long ticket, ProbeTarget target, in ProbeResult result)
        {
            Ended++;
            Answered += result.IsAnswered ? 1 : 0;
        }

        void IProbeObserver.CameAgain(long ticket, ProbeTarget target)
        {
        }

        void IProbeObserver.CameLate(long ticket, ProbeTarget target)
        {
        }
    }
}
