using System.Globalization;
using System.Text;

namespace Sonde.Charts;

/// <summary>The paths of a small line in a box of 120 × 28: they are numbers only, so that nothing in them needs encoding.</summary>
/// <param name="Line">From the smallest to the largest RTT of each step, joined where steps follow each other.</param>
/// <param name="Suspect">Steps with suspect samples only.</param>
/// <param name="Lost">A tick for each step with a loss: the more was lost, the longer.</param>
public sealed record TraceDrawing(string Line, string Suspect, string Lost)
{
    /// <summary>The width of the box.</summary>
    public const int Width = 120;

    /// <summary>The height of the box.</summary>
    public const int Height = 28;

    private const double Top = 6;
    private const double Bottom = Height - 1.5;
    private const double LongestTick = 9;

    /// <summary>Draws the steps, scaled from zero to the trace's largest RTT.</summary>
    internal static TraceDrawing Draw(ReadOnlySpan<TraceStep> steps)
    {
        var line = new StringBuilder();
        var suspect = new StringBuilder();
        var lost = new StringBuilder();
        var largest = Largest(steps);
        var stride = (double)Width / steps.Length;
        var isJoined = false;
        for (var place = 0; place < steps.Length; place++)
        {
            ref readonly var step = ref steps[place];
            var x = (place + 0.5) * stride;
            if (step.Lost > 0)
            {
                var share = step.Lost / (double)(step.Lost + step.Answered);
                lost.Append(CultureInfo.InvariantCulture, $"M{x:0.#} .5v{3 + (LongestTick - 3) * share:0.#}");
            }
            if (step.Answered == 0)
            {
                isJoined = false;
                continue;
            }
            var high = Y(step.Maximum, largest);
            var low = Y(step.Minimum, largest);
            if (step.IsSuspect)
            {
                suspect.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {high:0.#}h.01");
            }
            line.Append(CultureInfo.InvariantCulture, $"{(isJoined ? 'L' : 'M')}{x:0.#} {low:0.#}");
            line.Append(CultureInfo.InvariantCulture, $"V{Math.Min(high, low - 0.1):0.#}");
            isJoined = true;
        }
        return new TraceDrawing(line.ToString(), suspect.ToString(), lost.ToString());
    }

    private static double Y(uint microseconds, uint largest) => Bottom - (Bottom - Top) * microseconds / largest;

    private static uint Largest(ReadOnlySpan<TraceStep> steps)
    {
        var largest = 1u;
        foreach (ref readonly var step in steps)
        {
            largest = Math.Max(largest, step.Answered > 0 ? step.Maximum : 0);
        }
        return largest;
    }
}
