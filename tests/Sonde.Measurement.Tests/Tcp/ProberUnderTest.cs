using System.Diagnostics;
using System.Runtime.InteropServices;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Tcp;

/// <summary>
/// A prober with its observer, driven as the probing loop drives it: asleep in poll(2) on its wake-up descriptor.
/// </summary>
internal sealed partial class ProberUnderTest : IProbeObserver, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MeasurementClock _clock = new();

    public ProberUnderTest(int? capacity = null) =>
        Prober = capacity is { } bound ? new TcpProber(_clock, this, bound) : new TcpProber(_clock, this);

    public TcpProber Prober { get; }

    /// <summary>Every end that was told, by ticket.</summary>
    public Dictionary<long, ProbeResult> Ended { get; } = [];

    /// <summary>How many ends were told.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them were answered.</summary>
    public int Answered { get; private set; }

    public int Late { get; private set; }

    public RoundTripTime? KernelRtt { get; private set; }

    public bool IsRecording { get; set; } = true;

    public static ProbeResult Probe(TcpTarget target)
    {
        using ProberUnderTest under = new();
        under.Prober.Begin(1, target);
        under.WaitFor(1);
        return under.Ended[1];
    }

    /// <summary>Advances the prober until <paramref name="count"/> ends were told.</summary>
    public void WaitFor(int count)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var next = Prober.Advance();
            if (Count >= count)
            {
                return;
            }
            Assert.True(waited.Elapsed < Patience, $"Only {Count} of {count} probes ended within {Patience}.");
            var milliseconds = Math.Clamp((next - _clock.Now + 999_999) / 1_000_000, 0, 1000);
            _ = IsWoken((int)milliseconds);
        }
    }

    /// <summary>Whether the prober wants to be advanced, within so many milliseconds.</summary>
    public bool IsWoken(int milliseconds)
    {
        PollEntry entry = new() { Descriptor = Prober.WakeFileDescriptor, Events = 1 };
        return Poll(ref entry, 1, milliseconds) == 1;
    }

    void IProbeObserver.Ended(long ticket, ProbeTarget target, in ProbeResult result)
    {
        Count++;
        Answered += result.IsAnswered ? 1 : 0;
        if (IsRecording)
        {
            Ended.Add(ticket, result);
            KernelRtt = Prober.KernelRtt;
        }
    }

    void IProbeObserver.CameAgain(long ticket, ProbeTarget target) =>
        throw new InvalidOperationException("a connection is made once");

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
