using System.Globalization;

namespace Sonde.Charts;

/// <summary>
/// The medians of the phases side by side, as parts of a bar of 1,000; <c>phase-figures.ts</c> draws the same.
/// </summary>
/// <param name="Phase">The phase.</param>
/// <param name="Start">Where its part begins.</param>
/// <param name="Width">How wide it is; 0 when no probe came through the phase.</param>
internal sealed record PhaseBar(PhaseSummary Phase, double Start, double Width)
{
    /// <summary>The parts of one IP version's bar.</summary>
    /// <param name="phases">Its phases, in order.</param>
    /// <param name="longestMs">What the whole bar stands for: the longest sum of the target's IP versions.</param>
    public static IEnumerable<PhaseBar> Of(IEnumerable<PhaseSummary> phases, double longestMs)
    {
        var start = 0.0;
        foreach (var phase in phases)
        {
            var width = longestMs > 0 ? (phase.MedianMs ?? 0) * 1_000 / longestMs : 0;
            yield return new PhaseBar(phase, start, width);
            start += width;
        }
    }

    /// <summary>The sum of the medians; null when there is none.</summary>
    public static double? SumMs(IEnumerable<PhaseSummary> phases) =>
        phases.Where(phase => phase.MedianMs is not null).ToList() is { Count: > 0 } measured
            ? measured.Sum(phase => phase.MedianMs) : null;

    /// <summary>How many probes were lost in a phase and why, for example <c>3 timeout, 1 reset</c>.</summary>
    public static string LostWords(PhaseSummary phase) => phase.Lost == 0
        ? "0"
        : string.Join(", ", phase.Losses.Select(loss => $"{Figure.Count(loss.Count)} {loss.Reason}"));

    /// <summary>A place in the bar as SVG writes it.</summary>
    public static string Text(double place) => place.ToString("0.##", CultureInfo.InvariantCulture);
}
