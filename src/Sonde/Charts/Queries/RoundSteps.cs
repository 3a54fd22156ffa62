namespace Sonde.Charts.Queries;

/// <summary>The lengths of windows that people think in, and where windows of such a length begin.</summary>
/// <remarks>
/// Beyond ten minutes all are multiples of ten minutes, and beyond an hour of hours: there the store's summaries end,
/// so that none is cut.
/// </remarks>
internal static class RoundSteps
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private const long Week = 7 * Day;

    /// <summary>1969-12-29, a Monday.</summary>
    private const long FirstMonday = -3 * Day;

    private static readonly long[] UpToWeek =
    [
        Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 30 * Second,
        Minute, 2 * Minute, 5 * Minute, 10 * Minute, 20 * Minute, 30 * Minute,
        Hour, 2 * Hour, 3 * Hour, 4 * Hour, 6 * Hour, 8 * Hour, 12 * Hour,
        Day, 2 * Day, Week,
    ];

    /// <summary>All round steps in milliseconds, ascending without end: from 7 days on each is twice the one
    /// before.</summary>
    public static IEnumerable<long> All()
    {
        foreach (var step in UpToWeek)
        {
            yield return step;
        }
        for (var step = 2 * Week; ; step *= 2)
        {
            yield return step;
        }
    }

    /// <summary>The shortest round step of which so many windows cover the span.</summary>
    /// <param name="from">Milliseconds since 1970 UTC, 0 or more.</param>
    /// <param name="to">The same, greater.</param>
    /// <param name="most">How many windows at most, 2 or more: a step as long as the span covers it with two.</param>
    public static long Fitting(long from, long to, int most) =>
        All().First(step => (CeilingOf(to, step) - FloorOf(from, step)) / step <= most);

    /// <summary>Where the window begins that holds the moment: at a multiple of the step, in UTC; of weeks on a
    /// Monday.</summary>
    public static long FloorOf(long moment, long step)
    {
        var origin = step % Week == 0 ? FirstMonday : 0;
        return moment - ((moment - origin) % step);
    }

    /// <summary>Where the first window begins that does not begin before the moment.</summary>
    public static long CeilingOf(long moment, long step) => FloorOf(moment + step - 1, step);
}
