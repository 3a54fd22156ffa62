using System.Globalization;
using System.Text;

namespace Sonde.Charts;

/// <summary>The chart as the server draws it, for who has no script: the same samples, marks and rules as the live
/// one.</summary>
/// <remarks>All that comes from outside is numbers, but for the marks' sentences, and these are encoded.</remarks>
internal static class LatencyDrawing
{
    private const int Width = 960;
    private const int Height = 260;
    private const int Left = 46;
    private const int Right = Width - 20;
    private const int Top = 22;
    private const int Bottom = Height - 24;
    private const double GapIntervals = 2.5;

    /// <summary>The SVG element.</summary>
    public static string Draw(ChartSamples chart)
    {
        var svg = new StringBuilder(16 * 1024);
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" ")
            .Append("aria-label=\"Round-trip times of the last 15 minutes\">");
        var highest = Ceiling(chart.Series.SelectMany(series => series.RttMs).Max() ?? 1);
        DrawAxes(svg, chart, highest);
        foreach (var mark in chart.Marks)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<path class=\"note\" d=\"M{X(chart, mark.AtMs):0.#} {Top}V{Bottom}\"><title>")
                .Append(System.Net.WebUtility.HtmlEncode(mark.Text)).Append("</title></path>");
        }
        foreach (var series in chart.Series)
        {
            DrawSeries(svg, chart, series, highest);
        }
        return svg.Append("</svg>").ToString();
    }

    private static void DrawAxes(StringBuilder svg, ChartSamples chart, double highest)
    {
        for (var part = 0; part <= 4; part++)
        {
            var value = highest * part / 4;
            svg.Append(CultureInfo.InvariantCulture,
                $"<path class=\"grid\" d=\"M{Left} {Y(value, highest):0.#}H{Right}\"/>")
                .Append(CultureInfo.InvariantCulture,
                    $"<text x=\"{Left - 6}\" y=\"{Y(value, highest) + 4:0.#}\" text-anchor=\"end\">")
                .Append(CultureInfo.InvariantCulture, $"{value:0.####}</text>");
        }
        var minute = TimeSpan.TicksPerMinute * 3;
        for (var ticks = (chart.From.UtcTicks / minute + 1) * minute; ticks < chart.To.UtcTicks; ticks += minute)
        {
            var at = new DateTimeOffset(ticks, TimeSpan.Zero);
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{X(chart, at.ToUnixTimeMilliseconds()):0.#}\" y=\"{Height - 6}\" ")
                .Append(CultureInfo.InvariantCulture, $"text-anchor=\"middle\">{at:HH:mm}</text>");
        }
        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{Left - 6}\" y=\"{Height - 6}\" text-anchor=\"end\">UTC</text>");
    }

    private static void DrawSeries(StringBuilder svg, ChartSamples chart, SampleColumns series, double highest)
    {
        var (line, suspect, lost) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var longest = (chart.IntervalSeconds ?? double.PositiveInfinity) * 1_000 * GapIntervals;
        long? joinedAt = null;
        for (var place = 0; place < series.SentAtMs.Count; place++)
        {
            var at = series.SentAtMs[place];
            var x = X(chart, at);
            if (series.RttMs[place] is not { } rtt)
            {
                lost.Append(CultureInfo.InvariantCulture, $"M{x:0.#} 6v12");
                joinedAt = null;
                continue;
            }
            var isJoined = joinedAt is { } before && at - before <= longest;
            line.Append(CultureInfo.InvariantCulture, $"{(isJoined ? 'L' : 'M')}{x:0.#} {Y(rtt, highest):0.#}");
            line.Append(isJoined ? "" : "h.01");
            if (series.Suspect[place])
            {
                suspect.Append(CultureInfo.InvariantCulture,
                    $"M{x - 2.5:0.#} {Y(rtt, highest):0.#}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0");
            }
            joinedAt = at;
        }
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line family-{series.Family}\" d=\"{line}\"/>")
            .Append(CultureInfo.InvariantCulture,
                $"<path class=\"suspect\" d=\"{suspect}\"/><path class=\"lost\" d=\"{lost}\"/>");
    }

    /// <summary>The next 1, 2 or 5 times a power of ten, so that a quarter of it is a number that reads well.</summary>
    private static double Ceiling(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 0.001))));
        return Array.Find([1.0, 2, 4, 6, 8, 10], step => step * power >= value) * power;
    }

    private static double X(ChartSamples chart, long atMs)
    {
        var (from, to) = (chart.From.ToUnixTimeMilliseconds(), chart.To.ToUnixTimeMilliseconds());
        return Left + (Right - Left) * (double)(atMs - from) / (to - from);
    }

    private static double Y(double value, double highest) => Bottom - (Bottom - Top) * value / highest;
}
