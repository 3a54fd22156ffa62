namespace Sonde.Storage.Blocks;

/// <summary>Where the blocks of a series end: where the windows end that people ask for.</summary>
/// <remarks>
/// A block has 401 to 1,100 samples as a rule, and ends where the time crosses the coarsest round boundary that lies
/// there: at a sample a second every ten minutes. No block reaches across the end of a week (Monday 00:00 UTC) unless
/// the wall clock stepped back meanwhile.
/// </remarks>
internal static class BlockCut
{
    /// <summary>The most samples of a block.</summary>
    public const int MaxCount = 1_100;

    private const int MinCount = 401;
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private const long Week = 7 * Day;

    /// <summary>The first Monday: 1970-01-05.</summary>
    private const long FirstMonday = 4 * Day;

    private static readonly long[] CoarsestFirst =
    [
        Day, 12 * Hour, 6 * Hour, 3 * Hour, 2 * Hour, Hour, 30 * Minute, 10 * Minute, 5 * Minute, Minute,
        30 * Second, 10 * Second, 5 * Second, Second,
    ];

    /// <summary>How many samples the next block has.</summary>
    /// <param name="sentAtMilliseconds">When the series' open samples were sent, in the order of the series.</param>
    /// <param name="isFull">True when there must be a block now, however few samples there are.</param>
    /// <returns>0 to <see cref="MaxCount"/>; 0 when it is better to wait for more.</returns>
    public static int Find(ReadOnlySpan<long> sentAtMilliseconds, bool isFull)
    {
        if (sentAtMilliseconds.IsEmpty)
        {
            return 0;
        }
        var most = Math.Min(sentAtMilliseconds.Length, MaxCount);
        var nextWeek = StartOf(sentAtMilliseconds[0] - FirstMonday, Week) + FirstMonday + Week;
        var inWeek = sentAtMilliseconds[..most].IndexOfAnyInRange(nextWeek, long.MaxValue);
        if (inWeek > 0)
        {
            return inWeek;
        }
        return most == MaxCount || isFull ? AtBoundary(sentAtMilliseconds, most) : 0;
    }

    private static int AtBoundary(ReadOnlySpan<long> times, int most)
    {
        var last = Math.Min(most, times.Length - 1);   // the last one that may begin the block after
        foreach (var step in CoarsestFirst)
        {
            var boundary = StartOf(times[last], step);   // the latest: of two equally coarse the later
            for (var count = last; count >= MinCount && times[count] >= boundary; count--)
            {
                if (times[count - 1] < boundary)
                {
                    return count;
                }
            }
        }
        return most;
    }

    private static long StartOf(long time, long step) => time - (time % step + step) % step;
}
