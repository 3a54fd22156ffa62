using FsCheck;
using FsCheck.Fluent;
using Sonde.Storage.Blocks;
using Xunit;

namespace Sonde.Tests.Storage;

public class BlockCutTests
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Day = 24 * 60 * Minute;

    /// <summary>2026-01-05T00:00:00Z, a Monday.</summary>
    private static readonly long Monday = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void A_sample_a_second_makes_blocks_of_ten_minutes() =>
        Assert.Equal([600, 600, 600, 600], Blocks(Times(Monday + 3, Second, 3_000)));

    /// <summary>Of the boundaries of ten minutes after 537 and 1,137 samples only the first lies in reach.</summary>
    [Fact]
    public void The_first_block_ends_at_the_boundary_too() =>
        Assert.Equal([537, 600], Blocks(Times(Monday + 10 * Minute - 537 * Second, Second, 1_800)));

    [Fact]
    public void Of_two_equally_coarse_boundaries_the_later_is_taken() =>
        Assert.Equal([1_000], Blocks(Times(Monday + 30 * Minute, 6 * Second / 5, 1_200)));   // at 40 and 50 minutes

    [Fact]
    public void A_coarse_boundary_beats_a_later_fine_one()
    {
        var fromHalfPastEleven = Times(Monday + Day / 2 - 30 * Minute, 4 * Second, 1_101);

        Assert.Equal([450], Blocks(fromHalfPastEleven));
    }

    [Fact]
    public void A_probe_each_four_minutes_makes_blocks_that_end_with_a_day_and_with_the_week()
    {
        var blocks = Blocks(Times(Monday, 4 * Minute, 5_200));

        Assert.Equal([1_080, 1_080, 360], blocks[..3]);   // 360 a day: three days each, and Sunday
    }

    [Fact]
    public void A_week_that_ends_makes_a_block_of_however_few_samples()
    {
        var times = Times(Monday - 3 * Second, Second, 10);

        Assert.Equal(3, BlockCut.Find(times, isFull: false));
        Assert.Equal(0, BlockCut.Find(times.AsSpan(3), isFull: false));
    }

    [Fact]
    public void Fewer_than_a_full_block_wait_unless_there_must_be_a_block()
    {
        var times = Times(Monday + Minute, Second, 1_099);

        Assert.Equal(0, BlockCut.Find(times, isFull: false));
        Assert.Equal(540, BlockCut.Find(times, isFull: true));
        Assert.Equal(300, BlockCut.Find(times.AsSpan(0, 300), isFull: true));
        Assert.Equal(0, BlockCut.Find([], isFull: true));
    }

    [Fact]
    public void Times_that_stand_still_or_run_back_make_full_blocks()
    {
        Assert.Equal(1_100, BlockCut.Find(Times(Monday, 0, 1_500), isFull: false));
        Assert.Equal(1_100, BlockCut.Find(Times(Monday, -1, 1_500), isFull: false));
        Assert.Equal(1_100, BlockCut.Find(Times(Monday, -Day, 1_500), isFull: false));
    }

    [Fact]
    public void A_clock_that_jumps_over_the_end_of_the_week_and_back_cuts_once()
    {
        var times = Enumerable.Range(0, 20).Select(i => Monday + (i % 2 == 0 ? -Second : Second)).ToArray();

        Assert.Equal(1, BlockCut.Find(times, isFull: false));
        Assert.Equal(0, BlockCut.Find(times.AsSpan(1), isFull: false));
    }

    [Fact]
    public void Whatever_the_times_are_blocks_are_never_too_long_and_never_reach_over_a_week_in_order() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var (time, step) = (random.NextInt64(-Day * 100, Monday), 1L << random.Next(40));
            var times = Enumerable.Range(0, random.Next(3_000))
                .Select(_ => time += random.Next(100) == 0 ? random.NextInt64(-step, 100 * step) : step).ToArray();
            var first = 0;
            while (first < times.Length)
            {
                var count = BlockCut.Find(times.AsSpan(first), isFull: true);
                var block = times.AsSpan(first, count).ToArray();
                if (count is < 1 or > BlockCut.MaxCount || (block.SequenceEqual(block.Order()) && WeekOf(block[0]) != WeekOf(block[^1])))
                {
                    return false;
                }
                first += count;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    private static double WeekOf(long time) => Math.Floor((time - Monday) / (7.0 * Day));

    private static long[] Times(long first, long step, int count) =>
        [.. Enumerable.Range(0, count).Select(i => first + i * step)];

    private static int[] Blocks(long[] times)
    {
        var blocks = new List<int>();
        for (var first = 0; BlockCut.Find(times.AsSpan(first), isFull: false) is > 0 and var count; first += count)
        {
            blocks.Add(count);
        }
        return [.. blocks];
    }
}
