using System.Diagnostics;
using System.Runtime.InteropServices;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Dns;

/// <summary>
/// A prober with its observer, driven as the probing loop drives it: asleep in poll(2) on its wake-up descriptor.
/// </summary>
internal sealed partial class DnsProberUnderTest : IProbeObserver, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MeasurementClock _clock = new();

    public DnsProberUnderTest(int? capacity = null) =>
        Prober = capacity is { } bound ? new DnsProber(_clock, this, bound) : new DnsProber(_clock, this);

    public DnsProber Prober { get; }

    /// <summary>Every end that was told, by ticket.</summary>
    public Dictionary<long, ProbeResult> Ended { get; } = [];

    public int Again { get; private set; }

    public int Late { get; private set; }

    public static ProbeResult Probe(DnsTarget target)
    {
        using DnsProberUnderTest under = new();
        under.Prober.Begin(1, target);
        under.WaitFor(1);
        return under.Ended[1];
    }

    /// <summary>Advances the prober until <paramref name="count"/> ends were told.</summary>
    public void WaitFor(int count) => WaitUntil(() => Ended.Count >= count);

    /// <summary>Advances the prober until something is so.</summary>
    public void WaitUntil(Func<bool> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var next = Prober.Advance();
            if (isSo())
            {
                return;
            }
            Assert.True(waited.Elapsed < Patience, $"{Ended.Count} ended, {Again} again, {Late} late, in {Patience}.");
            _ = IsWoken((int)Math.Clamp((next - _clock.Now + 999_999) / 1_000_000, 0, 1000));
        }
    }

    /// <summary>Whether the prober wants to be advanced, within so many milliseconds.</summary>
    public bool IsWoken(int milliseconds)
    {
        PollEntry entry = new() { Descriptor = Prober.WakeFileDescriptor, Events = 1 };
        return Poll(ref entry, 1, milliseconds) == 1;
    }

    void IProbeObserver.Ended(long ticket, ProbeTarget target, in ProbeResult result) => Ended.Add(ticket, result);

    void IProbeObserver.CameAgain(long ticket, ProbeTarget target) => Again++;

    void IProbeObserver.CameLate(long ticket, ProbeTarget target) => Late++;

    public void Dispose() => Prober.Dispose();

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
