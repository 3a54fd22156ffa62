using System.Globalization;
using Sonde.Measurement.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sonde.Cli;

/// <summary>
/// What <c>sonde ping</c> shows, live on a terminal: a row a target, with a sparkline of the latest round-trip times,
/// and below it a row with the phases of each target that has them.
/// </summary>
/// <param name="targets">What is measured.</param>
/// <param name="width">How wide it may be, in columns.</param>
internal sealed class PingTable(IReadOnlyList<PingTarget> targets, int width)
{
    private static readonly string[] AllPhases =
        ["resolve", "truncated", "connect", "tls", "processing", "request", "transfer"];

    private const string PhasesTitle = "median ms";
    private const int NumberLength = 5;     // 12.34
    private const int ShortestName = 12;
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Rows that a live display shows; the rest is in the final table.</summary>
    private const int LiveRows = 40;

    /// <summary>All of it now.</summary>
    public IRenderable Draw(bool isLive)
    {
        var shown = isLive ? [.. targets.Take(LiveRows)] : targets;
        var figures = DrawFigures(shown);
        if (shown.Count < targets.Count)
        {
            figures.Caption($"and {targets.Count - shown.Count} more targets");
        }
        return DrawPhases(shown) is { } phases ? new Rows(figures, phases) : figures;
    }

    private Table DrawFigures(IReadOnlyList<PingTarget> shown)
    {
        var layout = PingLayout.For(
            width, shown.Max(target => target.Name.Length), shown.Max(target => target.Address?.Length ?? 0));
        var table = Begin(layout.HasAddress ? ["target", "address"] : ["target"], layout.Figures);
        table.AddColumn("ms, latest right");
        foreach (var target in shown)
        {
            table.AddRow(
            [
                Name(target, layout.NameLength),
                .. layout.HasAddress ? [Markup.Escape(target.Address ?? "–")] : Array.Empty<string>(),
                .. layout.Figures.Select(figure => Figure(target, figure)),
                Latest(target, layout.LatestLength),
            ]);
        }
        return table;
    }

    /// <summary>The medians, with a column for each phase that any target has; null when none has any.</summary>
    private Table? DrawPhases(IReadOnlyList<PingTarget> shown)
    {
        var phased = shown.Where(target => target.Phases is not null).ToList();
        var names = AllPhases
            .Where(name => phased.Exists(target => target.Phases!.MedianMicroseconds(name) is not null)).ToArray();
        if (names.Length == 0)
        {
            return null;
        }
        var table = Begin([PhasesTitle], names);
        var room = width - "│  │".Length - names.Sum(name => Math.Max(name.Length, NumberLength) + "  │".Length);
        foreach (var target in phased)
        {
            table.AddRow(
            [
                Name(target, Math.Max(room, ShortestName)),
                .. names.Select(name => PingReport.Milliseconds(target.Phases!.MedianMicroseconds(name))),
            ]);
        }
        return table;
    }

    private static Table Begin(string[] words, string[] numbers)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        foreach (var word in words)
        {
            table.AddColumn(new TableColumn(word).NoWrap());
        }
        foreach (var number in numbers)
        {
            table.AddColumn(new TableColumn(number).RightAligned().NoWrap());
        }
        return table;
    }

    private static string Name(PingTarget target, int length) => Markup.Escape(PingLayout.Shorten(target.Name, length));

    private static string Figure(PingTarget target, string figure)
    {
        var window = target.Window;
        return figure switch
        {
            "sent" => window.Sent.ToString(CultureInfo.InvariantCulture),
            "loss" => Loss(window),
            "dup" => target.Duplicates.ToString(CultureInfo.InvariantCulture),
            "last" => PingReport.Milliseconds(target.Recent.Count > 0 ? target.Recent.Last() : null),
            "min" => PingReport.Milliseconds(window.MinimumMicroseconds),
            "mean" => PingReport.Milliseconds(window.MeanMicroseconds),
            "p95" => PingReport.Milliseconds(window.QuantileMicroseconds(0.95)),
            "max" => PingReport.Milliseconds(window.MaximumMicroseconds),
            "mdev" => PingReport.Milliseconds(window.MeanDeviationMicroseconds),
            _ => PingReport.Milliseconds(window.JitterMicroseconds),
        };
    }

    private static string Loss(Window window) =>
        window.Lost > 0 ? $"[red]{PingReport.Loss(window)}[/]" : PingReport.Loss(window);

    /// <summary>The sparkline, and below it why the latest loss was one, or why nothing is sent.</summary>
    private static string Latest(PingTarget target, int length)
    {
        var words = target.Problem ?? target.LossWords;
        var note = words is null ? "" : $"[yellow]{Markup.Escape(words)}[/]";
        if (target.Window.Received == 0)
        {
            return note;
        }
        var line = Sparkline(target.Recent.TakeLast(length));
        return words is null ? line : $"{line}\n{note}";
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
