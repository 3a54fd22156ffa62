using Sonde.Configuration;
using Sonde.Metrics;
using Sonde.Probing;
using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>How the measuring, the way to the store and the configuration do, for <c>/metrics</c>.</summary>
internal sealed class RunMetrics(
    ConfigurationFile file, ProbingThread probing, SamplePipeline pipeline, StoreWriter writer, LiveChecks live,
    StoreRetention retention)
    : IMetricSource
{
    private static readonly string Version =
        typeof(RunMetrics).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    private static readonly string Runtime = Environment.Version.ToString();

    private static readonly string Architecture =
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static readonly Labels Build =
        Labels.Of(("version", Version), ("dotnet_version", Runtime), ("architecture", Architecture));

    private static readonly Labels SmokepingBuild = Labels.Of(
        ("branch", "sonde"), ("goarch", Architecture == "x64" ? "amd64" : Architecture), ("goos", "linux"),
        ("goversion", ""), ("revision", ""), ("version", Version));

    /// <summary>The metrics of the measuring.</summary>
    public static readonly FamilyOf<ProbeCounters>[] OfProbing =
    [
        FamilyOf<ProbeCounters>.Counter(
            "sonde_probes_begun_total", "Probes begun, those that could not be sent included",
            static (writer, counters) => writer.Write(counters.Probes)),
        FamilyOf<ProbeCounters>.Counter(
            "sonde_send_slip_seconds_total", "How late the begun probes left after they were due, added up",
            static (writer, counters) => writer.Write(counters.SlipNanoseconds / 1e9)),
        FamilyOf<ProbeCounters>.Gauge(
            "sonde_send_slip_max_seconds", "The longest that a probe left after it was due, since the start",
            static (writer, counters) => writer.Write(counters.LargestSlipNanoseconds / 1e9)),
        FamilyOf<ProbeCounters>.Counter(
            "sonde_late_wakes_total", "How often the measuring thread woke more than a millisecond late",
            static (writer, counters) => writer.Write(counters.LateWakes)),
        FamilyOf<ProbeCounters>.Counter(
            "sonde_icmp_foreign_packets_total", "ICMP packets that answer no probe of this process",
            static (writer, counters) => writer.Write(counters.Icmp.Foreign)),
        FamilyOf<ProbeCounters>.Counter(
            "sonde_icmp_malformed_packets_total", "ICMP packets that were damaged or cut short",
            static (writer, counters) => writer.Write(counters.Icmp.Malformed)),
        FamilyOf<ProbeCounters>.Counter(
            "sonde_icmp_receive_drops_total", "Packets that the kernel dropped because a socket's buffer was full",
            static (writer, counters) => writer.Write(counters.Icmp.ReceiveDrops)),
    ];

    /// <summary>The metrics of the way to the store.</summary>
    public static readonly FamilyOf<StoreStatus>[] OfStore =
    [
        FamilyOf<StoreStatus>.Gauge(
            "sonde_store_up", "1 while the store takes samples, 0 while it does not", static (writer, store) =>
                writer.Write(store.Problem is null ? 1 : 0)),
        FamilyOf<StoreStatus>.Counter(
            "sonde_store_samples_total", "Samples stored", static (writer, store) => writer.Write(store.StoredSamples)),
        FamilyOf<StoreStatus>.Counter(
            "sonde_store_dropped_samples_total", "Samples dropped because neither memory nor spool had room",
            static (writer, store) => writer.Write(store.DroppedSamples)),
        FamilyOf<StoreStatus>.Gauge(
            "sonde_store_queue_samples", "Samples in memory that are not stored yet", static (writer, store) =>
                writer.Write(store.WaitingSamples)),
        FamilyOf<StoreStatus>.Gauge(
            "sonde_store_spool_samples", "Samples in the spool on disk that are not stored yet",
            static (writer, store) => writer.Write(store.SpooledSamples)),
        FamilyOf<StoreStatus>.Counter(
            "sonde_store_appends_total", "Appends to the store that succeeded", static (writer, store) =>
                writer.Write(store.Appends)),
        FamilyOf<StoreStatus>.Counter(
            "sonde_store_append_seconds_total", "How long these appends took, added up", static (writer, store) =>
                writer.Write(store.AppendTime.TotalSeconds)),
        FamilyOf<StoreStatus>.Gauge(
            "sonde_store_append_last_seconds", "How long the last append took", static (writer, store) =>
            {
                if (store.LastAppend is { } last)
                {
                    writer.Write(last.TotalSeconds);
                }
            }),
    ];

    /// <summary>The metrics of the program as a whole.</summary>
    public static readonly FamilyOf<RunMetrics>[] OfRun =
    [
        FamilyOf<RunMetrics>.Gauge(
            "sonde_build_info", "1, with the version of Sonde and of the runtime", static (writer, _) =>
                writer.Write(1, Build)),
        FamilyOf<RunMetrics>.Gauge(
            "sonde_checks", "Checks in force", static (writer, run) => writer.Write(run.Configuration.Checks.Length)),
        FamilyOf<RunMetrics>.Gauge(
            "sonde_config_last_reload_successful", "1 when the newest sonde.yaml is in force, 0 when it was refused",
            static (writer, run) => writer.Write(run.IsNewestInForce)),
        FamilyOf<RunMetrics>.Gauge(
            "sonde_config_last_reload_success_timestamp_seconds",
            "When sonde.yaml was last read and found good, in seconds since 1970 UTC",
            static (writer, run) => writer.Write(run.AcceptedAt)),
        FamilyOf<RunMetrics>.Counter(
            "sonde_pipeline_dropped_samples_total", "Samples dropped because the machine stalled the process",
            static (writer, run) => writer.Write(run.PipelineDropped)),
        FamilyOf<RunMetrics>.Counter(
            "sonde_live_late_samples_total", "Samples that came too late for any window", static (writer, run) =>
                writer.Write(run.TooLate)),
    ];

    /// <summary>What smokeping_prober says of itself, and dashboards look for.</summary>
    public static readonly FamilyOf<RunMetrics>[] OfSmokeping =
    [
        FamilyOf<RunMetrics>.Gauge(
            "smokeping_prober_build_info", "1; the version is Sonde's", static (writer, _) =>
                writer.Write(1, SmokepingBuild)),
        FamilyOf<RunMetrics>.Gauge(
            "smokeping_prober_config_last_reload_successful", "As sonde_config_last_reload_successful",
            static (writer, run) => writer.Write(run.IsNewestInForce)),
        FamilyOf<RunMetrics>.Gauge(
            "smokeping_prober_config_last_reload_success_timestamp_seconds",
            "As sonde_config_last_reload_success_timestamp_seconds",
            static (writer, run) => writer.Write(run.AcceptedAt)),
    ];

    private SondeConfiguration Configuration => file.Current;

    private int IsNewestInForce => file.LastProblem is null ? 1 : 0;

    private double AcceptedAt => file.AcceptedAt.ToUnixTimeMilliseconds() / 1e3;

    private long PipelineDropped => pipeline.Dropped;

    private long TooLate => live.TooLate;

    /// <inheritdoc/>
    public void WriteTo(IFormatWriter metrics)
    {
        WriteAll(OfRun, metrics, this);
        WriteAll(OfProbing, metrics, probing.Counters);
        WriteAll(OfStore, metrics, writer.Status);
        retention.WriteTo(metrics);
        if (Configuration.Metrics.Smokeping)
        {
            WriteAll(OfSmokeping, metrics, this);
        }
    }

    private static void WriteAll<T>(FamilyOf<T>[] families, IFormatWriter metrics, T of)
    {
        foreach (var family in families)
        {
            family.WriteAll(metrics, of);
        }
    }
}
