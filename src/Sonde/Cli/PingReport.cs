using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sonde.Measurement.Statistics;

namespace Sonde.Cli;

/// <summary>
/// Prints what <c>sonde ping</c> measured, for scripts: one JSON object a line and target (DESIGN: contract).
/// </summary>
internal static class PingReport
{
    /// <summary>Writes all targets to a stream.</summary>
    public static void WriteJson(IEnumerable<PingTarget> targets, Stream output)
    {
        using var buffered = new BufferedStream(output, 1 << 16);
        using var writer = new Utf8JsonWriter(
            buffered,
            new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var target in targets)
        {
            WriteTarget(writer, target);
            writer.Flush();
            buffered.WriteByte((byte)'\n');
            writer.Reset();
        }
    }

    private static void WriteTarget(Utf8JsonWriter writer, PingTarget target)
    {
        var window = target.Window;
        writer.WriteStartObject();
        writer.WriteString("target", target.Name);
        writer.WriteString("address", target.Address);
        writer.WriteNumber("sent", window.Sent);
        writer.WriteNumber("received", window.Received);
        writer.WriteNumber("lost", window.Lost);
        writer.WriteNumber("duplicates", target.Duplicates);
        writer.WriteNumber("suspect", window.Suspect);
        WriteNumber(writer, "lossRatio", window.LossRatio);
        WriteMilliseconds(writer, "jitterMs", window.JitterMicroseconds);
        writer.WriteStartObject("rttMs");
        WriteMilliseconds(writer, "min", window.MinimumMicroseconds);
        WriteMilliseconds(writer, "mean", window.MeanMicroseconds);
        WriteMilliseconds(writer, "max", window.MaximumMicroseconds);
        WriteMilliseconds(writer, "mdev", window.MeanDeviationMicroseconds);
        WriteMilliseconds(writer, "p50", window.QuantileMicroseconds(0.50));
        WriteMilliseconds(writer, "p95", window.QuantileMicroseconds(0.95));
        WriteMilliseconds(writer, "p99", window.QuantileMicroseconds(0.99));
        writer.WriteEndObject();
        if (target.Phases is { } phases)
        {
            writer.WriteStartObject("phasesMs");
            foreach (var name in phases.Names)
            {
                WriteMilliseconds(writer, name, phases.MedianMicroseconds(name));
            }
            writer.WriteEndObject();
        }
        if (target.LossWords is { } words)
        {
            writer.WriteString("latestLoss", words);
        }
        if (target.Problem is { } problem)
        {
            writer.WriteString("problem", problem);
        }
        writer.WriteEndObject();
    }

    private static void WriteMilliseconds(Utf8JsonWriter writer, string name, double? microseconds) =>
        WriteNumber(writer, name, microseconds / 1000);

    /// <summary>Six digits after the point: a nanosecond of a millisecond.</summary>
    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, Math.Round(number, 6));
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    /// <summary>
    /// Milliseconds for people: three digits below 10 ms, two below 100, one above; a dash for nothing.
    /// </summary>
    public static string Milliseconds(double? microseconds) => microseconds is { } value
        ? (value / 1000).ToString(
            value < 10_000 ? "0.000" : value < 100_000 ? "0.00" : "0.0", CultureInfo.InvariantCulture)
        : "–";

    /// <summary>The loss in percent for people; a dash when nothing was sent.</summary>
    public static string Loss(Window window) => window.LossRatio is { } ratio
        ? (ratio * 100).ToString(ratio is 0 or 1 ? "0" : "0.0", CultureInfo.InvariantCulture) + " %"
        : "–";
}
