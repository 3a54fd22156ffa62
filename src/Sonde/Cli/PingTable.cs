using System.Globalization;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary>
/// The table of <c>sonde ping</c>, live on a terminal: a row a target, with a sparkline of the latest round-trip times.
/// </summary>
internal sealed class PingTable(IReadOnlyList<PingTarget> targets)
{
    private static readonly string[] Figures =
        ["sent", "loss", "dup", "last", "min", "mean", "p95", "max", "mdev", "jitter"];

    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Rows that a live display shows; the rest is in the final table.</summary>
    private const int LiveRows = 40;

    /// <summary>The table now.</summary>
    public Table Draw(bool isLive)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumn("target").AddColumn("address");
        foreach (var column in Figures)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }
        table.AddColumn("ms, latest right");
        foreach (var target in isLive ? targets.Take(LiveRows) : targets)
        {
            table.AddRow(Row(target));
        }
        if (isLive && targets.Count > LiveRows)
        {
            table.Caption($"and {targets.Count - LiveRows} more targets");
        }
        return table;
    }

    private static string[] Row(PingTarget target)
    {
        var window = target.Window;
        var last = target.Recent.Count > 0 ? target.Recent.Last() : null;
        var loss = window.Lost > 0 ? $"[red]{PingReport.Loss(window)}[/]" : PingReport.Loss(window);
        return
        [
            Markup.Escape(target.Name), Markup.Escape(target.Address ?? "–"),
            window.Sent.ToString(CultureInfo.InvariantCulture), loss,
            target.Duplicates.ToString(CultureInfo.InvariantCulture), PingReport.Milliseconds(last),
            PingReport.Milliseconds(window.MinimumMicroseconds), PingReport.Milliseconds(window.MeanMicroseconds),
            PingReport.Milliseconds(window.QuantileMicroseconds(0.95)),
            PingReport.Milliseconds(window.MaximumMicroseconds),
            PingReport.Milliseconds(window.MeanDeviationMicroseconds),
            PingReport.Milliseconds(window.JitterMicroseconds),
            Note(target) ?? Sparkline(target.Recent),
        ];
    }

    private static string? Note(PingTarget target)
    {
        var words = target.Problem ?? (target.Window is { Sent: > 0, Received: 0 } ? target.LossWords : null);
        return words is null ? null : $"[yellow]{Markup.Escape(words)}[/]";
    }

    /// <summary>A bar a probe between the least and the largest shown; a red cross for a loss.</summary>
    private static string Sparkline(IEnumerable<long?> recent)
    {
        var values = recent.ToList();
        var least = values.Min() ?? 0;
        var range = Math.Max((values.Max() ?? 0) - least, 1);
        return string.Concat(values.Select(value => value is { } rtt
            ? Bars[(int)((rtt - least) * (Bars.Length - 1) / range)].ToString()
            : "[red]×[/]"));
    }
}
