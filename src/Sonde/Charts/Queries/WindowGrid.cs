using Sonde.Samples;

namespace Sonde.Charts.Queries;

/// <summary>The windows of an answer: equally long, one behind the other.</summary>
/// <param name="From">Where the first begins: milliseconds since 1970 UTC.</param>
/// <param name="Step">How long each is, in milliseconds.</param>
/// <param name="Count">How many; 1 or more.</param>
/// <param name="AskedStep">How long each would be if nothing limited the answer.</param>
internal readonly record struct WindowGrid(long From, long Step, int Count, long AskedStep)
{
    /// <summary>The most windows of a series in an answer.</summary>
    public const int MostOfSeries = 5_000;

    /// <summary>The most windows of all series of an answer together.</summary>
    public const int MostOfAll = 300_000;

    /// <summary>The most series in an answer: each still has 60 windows.</summary>
    public const int MostSeries = 5_000;

    /// <summary>Where the last ends, exclusive.</summary>
    public long To => From + (Step * Count);

    /// <summary>True when there are fewer and wider windows than asked for.</summary>
    public bool IsWidened => Step != AskedStep;

    /// <summary>Windows of a round step that cover a span.</summary>
    /// <param name="from">The beginning of the span.</param>
    /// <param name="to">Its end.</param>
    /// <param name="points">How many windows were asked for; 2 or more.</param>
    /// <param name="most">How many the answer has room for; 2 or more.</param>
    public static WindowGrid OfPoints(long from, long to, int points, int most) =>
        Round(from, to, Math.Min(points, most), RoundSteps.Fitting(from, to, points));

    /// <summary>
    /// Windows of a step from the beginning of a span on, until all of it is covered; of a round step, if they are too
    /// many.
    /// </summary>
    /// <param name="from">The beginning of the span.</param>
    /// <param name="to">Its end.</param>
    /// <param name="step">How long each should be.</param>
    /// <param name="most">How many the answer has room for; 2 or more.</param>
    public static WindowGrid OfStep(long from, long to, long step, int most)
    {
        var count = (to - from + step - 1) / step;
        return count <= most ? new(from, step, (int)count, step) : Round(from, to, most, step);
    }

    /// <summary>How many windows a series may have in an answer with so many series.</summary>
    public static int RoomOf(int series) => Math.Min(MostOfSeries, MostOfAll / Math.Max(1, series));

    /// <summary>What to ask the store for.</summary>
    public WindowQuery Of(IReadOnlyList<SeriesKey> series) => new()
    {
        Series = series,
        FromMilliseconds = From,
        StepMilliseconds = Step,
        Count = Count,
    };

    private static WindowGrid Round(long from, long to, int most, long askedStep)
    {
        var step = RoundSteps.Fitting(from, to, most);
        var start = RoundSteps.FloorOf(from, step);
        return new(start, step, (int)((RoundSteps.CeilingOf(to, step) - start) / step), askedStep);
    }
}
