using Sonde.Measurement;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Timing;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>The probers, one a kind, that one thread owns.</summary>
internal sealed class ProbeKinds(MeasurementClock clock, IProbeObserver observer) : IDisposable
{
    public IcmpProber Icmp { get; } = new(clock, observer);

    /// <summary>Null until a TCP check needs it: it has a thread of its own.</summary>
    public TcpProber? Tcp { get; private set; }

    /// <summary>The prober of a kind.</summary>
    public IProber Of(CheckKind kind) => kind switch
    {
        CheckKind.Icmp => Icmp,
        CheckKind.Tcp => Tcp ??= new TcpProber(clock, observer),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no prober"),
    };

    public void Dispose()
    {
        Icmp.Dispose();
        Tcp?.Dispose();
    }
}
