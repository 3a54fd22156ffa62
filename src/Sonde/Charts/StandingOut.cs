using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>A target that stands out in its group.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Words">In what, for example <c>jitter 16.0 ms</c>.</param>
public sealed record StandingOut(string Id, string Name, string Words)
{
    /// <summary>Who lost most or is slowest; null when nothing was received and nothing lost.</summary>
    internal static StandingOut? WorstOf(GroupView group) => group.Worst is not { } worst ? null
        : GroupView.LossOf(worst) is > 0 and var loss ? Of(worst, $"{Figure.Percent(loss)} lost")
        : GroupView.NinetyFifthOf(worst) is { } slow ? Of(worst, $"p95 {Figure.Ms(slow / 1000.0)} ms")
        : null;

    /// <summary>Who has the highest jitter; null when nobody has any.</summary>
    internal static StandingOut? MostUnstableOf(GroupView group) =>
        group.MostUnstable is { } unstable && GroupView.JitterOf(unstable) is > 0 and var jitter
            ? Of(unstable, $"jitter {Figure.Ms(jitter / 1000)} ms")
            : null;

    private static StandingOut Of(CheckView view, string words) => new(view.Check.Id.Value, view.Check.Name, words);
}
