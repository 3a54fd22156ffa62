using System.Diagnostics.Metrics;
using Sonde.Configuration;
using Sonde.Probing;
using Sonde.RemoteWrite;
using Sonde.Samples;

namespace Sonde.Observability;

/// <summary>
/// How the program itself does, as instruments of the meter <c>Sonde</c>: they read what the parts count anyway.
/// </summary>
internal sealed class SelfInstruments(
    ProbingThread probing, SamplePipeline pipeline, StoreWriter store, LiveChecks live, ConfigurationFile configuration,
    RemoteWriters? receivers = null) : IDisposable
{
    private const string Probe = "{probe}";
    private const string Sample = "{sample}";

    /// <summary>From half a millisecond, the usual, to ten seconds, a disk in trouble.</summary>
    private static readonly double[] AppendBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _meter = new(OtlpExport.Name);
    private Histogram<double>? _append;

    /// <summary>Makes the instruments.</summary>
    public void Start()
    {
        AddProbing(probing.Counters);
        AddStore();
        AddReceivers();
        Counter("sonde.pipeline.dropped", () => pipeline.Dropped, Sample, "Samples that found no place on their way");
        Counter("sonde.live.too_late", () => live.TooLate, Sample, "Samples that came too late for their window");
        Gauge("sonde.checks", () => configuration.Current.Checks.Length, "{check}", "Checks in force");
        Gauge("sonde.configuration.refused", () => configuration.LastProblem is null ? 0 : 1, "1",
            "1 while the newest file is refused");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        store.Appended -= NoteAppend;
        _meter.Dispose();
    }

    private void AddProbing(ProbeCounters counters)
    {
        Counter("sonde.probes.begun", () => counters.Probes, Probe, "Probes begun");
        Counter("sonde.probes.not_sent", () => counters.NotSent, Probe, "Probes that never left this machine");
        Counter("sonde.probes.suspect", () => counters.Suspect, Probe, "Probes timed while this process was late");
        Counter("sonde.probes.late", () => counters.Late, Probe, "Answers after their probe was given up");
        Counter("sonde.rounds.missed", () => counters.MissedRounds, "{round}", "Rounds that were overdue and skipped");
        Counter("sonde.probing.late_wakes", () => counters.LateWakes, "{wake}", "Wakes over a millisecond late");
        _meter.CreateObservableGauge("sonde.probing.largest_slip", () => counters.LargestSlipNanoseconds / 1e9, "s",
            "The longest that a probe left after it was due, since the start");
    }

    private void AddStore()
    {
        _append = _meter.CreateHistogram(
            "sonde.store.append.duration", "s", "Time to store a batch", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = AppendBounds });
        store.Appended += NoteAppend;
        Counter("sonde.store.stored", () => store.Status.StoredSamples, Sample, "Samples stored");
        Counter("sonde.store.dropped", () => store.Status.DroppedSamples, Sample, "Samples that could not be kept");
        Gauge("sonde.store.waiting", () => store.Status.WaitingSamples, Sample, "Samples in memory for the store");
        Gauge("sonde.store.spooled", () => store.Status.SpooledSamples, Sample, "Samples in the spool for the store");
    }

    /// <summary>Nothing when windows are written to nobody.</summary>
    private void AddReceivers()
    {
        if (receivers is null)
        {
            return;
        }
        const string Prefix = "sonde.remote_write.";
        _meter.CreateObservableGauge(
            Prefix + "waiting", () => Of(status => status.WaitingSamples), Sample, "Samples that wait for a receiver");
        _meter.CreateObservableCounter(
            Prefix + "sent", () => Of(status => status.SentSamples), Sample, "Samples that a receiver took");
        _meter.CreateObservableCounter(
            Prefix + "refused", () => Of(status => status.RefusedSamples), Sample, "Samples that a receiver refused");
        _meter.CreateObservableCounter(
            Prefix + "dropped", () => Of(status => status.DroppedSamples), Sample, "Samples without room in the queue");

        IEnumerable<Measurement<long>> Of(Func<RemoteWriteStatus, long> read) => receivers.Statuses.Select(
            status => new Measurement<long>(read(status), new KeyValuePair<string, object?>("receiver", status.Url)));
    }

    private void NoteAppend(TimeSpan took) => _append?.Record(took.TotalSeconds);

    private void Counter(string name, Func<long> read, string unit, string description) =>
        _meter.CreateObservableCounter(name, read, unit, description);

    private void Gauge(string name, Func<long> read, string unit, string description) =>
        _meter.CreateObservableGauge(name, read, unit, description);
}
