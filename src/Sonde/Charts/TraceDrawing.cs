using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>The paths of a small line in a box of 120 × 28: they are numbers only, so that nothing in them needs
/// encoding.</summary>
/// <param name="Line">The largest RTT of each step, joined where one step follows another as the interval lets
/// expect.</param>
/// <param name="Suspect">A dot for each step with suspect samples only.</param>
/// <param name="Lost">A tick for each step with a loss.</param>
public sealed record TraceDrawing(string Line, string Suspect, string Lost)
{
    /// <summary>The width of the box.</summary>
    public const int Width = 120;

    /// <summary>The height of the box.</summary>
    public const int Height = 28;

    /// <summary>How long a step is.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private const double Top = 7;
    private const double Bottom = Height - 1.5;
    private const double GapIntervals = 2.5;

    /// <summary>Draws the steps, scaled from zero to the largest of them.</summary>
    /// <param name="steps">Oldest first.</param>
    /// <param name="interval">The time between rounds: a longer silence than 2.5 of it is a gap.</param>
    internal static TraceDrawing Draw(ImmutableArray<SparklinePoint> steps, TimeSpan interval)
    {
        var (line, suspect, lost) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var largest = Math.Max(1, steps.Max(step => step.MaximumMicroseconds) ?? 1);
        var widestGap = Math.Max(1, (int)Math.Ceiling(interval / Step * GapIntervals));
        int? joined = null;
        for (var place = 0; place < steps.Length; place++)
        {
            var step = steps[place];
            var x = (place + 0.5) * Width / steps.Length;
            if (step.HasLoss)
            {
                lost.Append(CultureInfo.InvariantCulture, $"M{x:0.#} 0v5");
                joined = step.MaximumMicroseconds is null ? null : joined;
            }
            if (step.MaximumMicroseconds is not { } value)
            {
                continue;
            }
            var y = Bottom - (Bottom - Top) * value / largest;
            var isJoined = joined is { } before && place - before <= widestGap;
            line.Append(CultureInfo.InvariantCulture,
                $"{(isJoined ? 'L' : 'M')}{x:0.#} {y:0.#}{(isJoined ? "" : "h.01")}");
            if (step.IsSuspect)
            {
                suspect.Append(CultureInfo.InvariantCulture, $"M{x - 2:0.#} {y:0.#}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0");
            }
            joined = place;
        }
        return new TraceDrawing(line.ToString(), suspect.ToString(), lost.ToString());
    }
}
