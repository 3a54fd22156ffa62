using Sonde.Measurement;
using Sonde.Measurement.Dns;
using Sonde.Measurement.Http;
using Sonde.Measurement.Icmp;
using Sonde.Measurement.Tcp;
using Sonde.Measurement.Timing;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>The probers, one a kind, that one thread owns.</summary>
/// <remarks>Those but ICMP's are made when a check first needs them: they have threads or descriptors of their
/// own.</remarks>
internal sealed class ProbeKinds(MeasurementClock clock, IProbeObserver observer) : IDisposable
{
    private readonly List<IProber> _others = [];
    private TcpProber? _tcp;
    private HttpProber? _http;
    private DnsProber? _dns;
    private int[] _wakeFileDescriptors = [];

    public IcmpProber Icmp { get; } = new(clock, observer);

    /// <summary>They become readable when <see cref="Advance"/> has something to do earlier than it said.</summary>
    public ReadOnlySpan<int> WakeFileDescriptors => _wakeFileDescriptors;

    /// <summary>The prober of a kind.</summary>
    public IProber Of(CheckKind kind) => kind switch
    {
        CheckKind.Icmp => Icmp,
        CheckKind.Tcp => _tcp ??= Join(new TcpProber(clock, observer), prober => prober.WakeFileDescriptor),
        CheckKind.Http => _http ??= Join(new HttpProber(clock, observer), prober => prober.WakeFileDescriptor),
        CheckKind.Dns => _dns ??= Join(new DnsProber(clock, observer), prober => prober.WakeFileDescriptor),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no prober"),
    };

    /// <summary>
    /// Ends the probes under way that are timed by stamps of the wall clock, after a step of it or a sleep of the
    /// machine. The other kinds are timed by a clock that no step moves, and see to sleep themselves.
    /// </summary>
    public void Abandon(NotSentReason reason)
    {
        Icmp.Abandon(reason);
        _dns?.Abandon(reason);
    }

    /// <summary>Lets all probers send, receive and time out.</summary>
    /// <returns>When the first of them wants to be called again at the latest.</returns>
    public long Advance()
    {
        var next = Icmp.Advance();
        foreach (var prober in _others)
        {
            next = Math.Min(next, prober.Advance());
        }
        return next;
    }

    public void Dispose()
    {
        Icmp.Dispose();
        foreach (var prober in _others)
        {
            (prober as IDisposable)?.Dispose();
        }
    }

    private TProber Join<TProber>(TProber prober, Func<TProber, int> wakeFileDescriptor)
        where TProber : IProber
    {
        _others.Add(prober);
        _wakeFileDescriptors = [.. _wakeFileDescriptors, wakeFileDescriptor(prober)];
        return prober;
    }
}
