using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.RemoteWrite;

/// <summary>A metric of a series: its name in Prometheus, the label that sets it apart, and how it is read.</summary>
/// <param name="Name">Base units, counters end with <c>_total</c>.</param>
/// <param name="Label">A label of its own, as <c>quantile</c>; null = none.</param>
/// <param name="Read">Gives null where there is no figure.</param>
internal sealed record Metric(string Name, (string Name, string Value)? Label, Func<Figures, double?> Read)
{
    private const double MicrosecondsPerSecond = 1e6;

    /// <summary>What is told of a series of round-trip times.</summary>
    public static readonly Metric[] OfRtt =
    [
        new("sonde_probes_sent_total", null, figures => figures.Total.Sent),
        new("sonde_probes_received_total", null, figures => figures.Total.Received),
        new("sonde_probes_lost_total", null, figures => figures.Total.Lost),
        new("sonde_probe_duplicates_total", null, figures => figures.Total.Duplicates),
        new("sonde_loss_ratio", null, figures => figures.Window.LossRatio),
        Seconds("sonde_probe_rtt_min_seconds", window => window.MinimumMicroseconds),
        Seconds("sonde_probe_rtt_mean_seconds", window => window.MeanMicroseconds),
        Seconds("sonde_probe_rtt_max_seconds", window => window.MaximumMicroseconds),
        Seconds("sonde_probe_rtt_stddev_seconds", window => window.MeanDeviationMicroseconds),
        Seconds("sonde_probe_rtt_jitter_seconds", window => window.JitterMicroseconds),
        Quantile(0.5, "0.5"),
        Quantile(0.95, "0.95"),
        Quantile(0.99, "0.99"),
    ];

    /// <summary>What is told of a series of another quantity: the newest value of a phase or a certificate; nothing
    /// of quantities with units that are not known here.</summary>
    public static Metric[] Of(Quantity quantity) => quantity switch
    {
        { Name: "rtt" } => OfRtt,
        { Name: "certificate", Unit: "s" } =>
        [
            new("sonde_certificate_expiry_timestamp_seconds", null,
                figures => figures.Total.LastAt + figures.Total.Last),
        ],
        { Unit: "us" } =>
        [
            new("sonde_phase_last_seconds", ("phase", quantity.Name),
                figures => figures.Total.Last / MicrosecondsPerSecond),
        ],
        _ => [],
    };

    private static Metric Seconds(string name, Func<Window, double?> microseconds) =>
        new(name, null, figures => microseconds(figures.Window) / MicrosecondsPerSecond);

    private static Metric Quantile(double q, string label) =>
        new("sonde_probe_rtt_seconds", ("quantile", label),
            figures => figures.Window.QuantileMicroseconds(q) / MicrosecondsPerSecond);
}

/// <summary>What is known of a series when it is told.</summary>
/// <param name="Total">Since the start.</param>
/// <param name="Window">The last minute, or longer where rounds are rarer.</param>
internal readonly record struct Figures(SeriesTotal Total, Window Window);
