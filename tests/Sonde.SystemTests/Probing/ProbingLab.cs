using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Marks;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.SystemTests.Lab;
using Sonde.Targets;

namespace Sonde.SystemTests.Probing;

/// <summary>The measuring thread and the pipeline at work on simulated hosts, with all that came out of them.</summary>
internal sealed class ProbingLab : ISampleSink, IDisposable
{
    private readonly SimulatedNetwork _network;
    private readonly SeriesCatalog _catalog = new();
    private readonly SamplePipeline _pipeline;
    private readonly ProbingThread _probing;
    private readonly List<Sample> _samples = [];
    private readonly List<Round> _rounds = [];
    private readonly List<Mark> _marks = [];

    public ProbingLab(SimulatedNetwork network)
    {
        _network = network;
        _pipeline = new SamplePipeline([this], TimeProvider.System, NullLogger<SamplePipeline>.Instance);
        _probing = new ProbingThread(
            1, "local", _catalog, _pipeline, _marks.Add, TimeProvider.System, NullLogger<ProbingThread>.Instance);
    }

    /// <summary>What was measured, complete once <see cref="RunAsync"/> is over.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The rounds that have ended.</summary>
    public IReadOnlyList<Round> Rounds => _rounds;

    /// <summary>The marks that were set.</summary>
    public IReadOnlyList<Mark> Marks => _marks;

    /// <summary>What the measuring thread counted.</summary>
    public ProbeCounters Counters => _probing.Counters;

    /// <summary>A check of host <paramref name="host"/>.</summary>
    public Check CheckOf(int host, TimeSpan interval, int packets = 1, int timeoutMilliseconds = 1000)
    {
        var name = $"host-{host}";
        return new Check
        {
            Id = CheckId.FromName(CheckKind.Icmp, name),
            Name = name,
            Kind = CheckKind.Icmp,
            Host = _network.Addresses.Host4(host).ToString(),
            Interval = interval,
            Packets = packets,
            Timeout = TimeSpan.FromMilliseconds(timeoutMilliseconds),
        };
    }

    /// <summary>
    /// Measures until <paramref name="until"/> ends, and then takes all that is under way to its end.
    /// </summary>
    public async Task RunAsync(IReadOnlyList<Check> checks, Task until, CancellationToken cancellation)
    {
        _probing.Apply(checks);
        await _pipeline.StartAsync(cancellation);
        await _probing.StartAsync(cancellation);
        await until;
        await _probing.StopAsync(cancellation);
        await _pipeline.StopAsync(cancellation);
    }

    /// <summary>The number of the host that a sample is about.</summary>
    public int HostOf(SeriesHandle series) => int.Parse(
        _catalog.KeyOf(series).Check.Value.AsSpan(
            "icmp-host-".Length), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Each answered sample with the true round-trip time of the request that left at its time.</summary>
    public IReadOnlyList<(Sample Sample, double TrueUs)> WithTruth()
    {
        var truth = WireExchange.Match(_network.Wire.Packets).Where(exchange => exchange.Rtt is not null)
            .ToLookup(exchange => (int)exchange.Probe.Host);
        return
        [
            .. _samples.Where(sample => !sample.IsLost).Select(sample => (
                sample,
                truth[HostOf(sample.Series)].MinBy(
                    exchange => Math.Abs((exchange.SentAt / 1e6) - sample.SentAtMilliseconds))!.Rtt!.Value / 1e3)),
        ];
    }

    void ISampleSink.Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        _samples.AddRange(samples);
        _rounds.AddRange(rounds);
    }

    public void Dispose()
    {
        _probing.Dispose();
        _pipeline.Dispose();
    }
}
