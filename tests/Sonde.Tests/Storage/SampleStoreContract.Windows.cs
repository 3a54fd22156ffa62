using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Storage;

/// <content>What every store must answer to questions for windows and for the latest sample.</content>
public abstract partial class SampleStoreContract
{
    private protected const long Minute = 60_000;
    private protected const long Hour = 60 * Minute;
    private protected const long Day = 24 * Hour;

    // 2026-01-05, a Monday, 00:00 UTC
    private protected const long Monday = 1_767_571_200_000;

    [Theory]
    [InlineData(0, 60_000, 60)]
    [InlineData(1, 60_000, 60)]
    [InlineData(-90_000, 7_777, 700)]
    [InlineData(600_000, 600_000, 6)]
    [InlineData(-3_600_000, 3_600_000, 3)]
    [InlineData(123, 4_000_000, 1)]
    [InlineData(4_000_000, 60_000, 5)]
    public async Task Windows_equal_those_of_the_samples_at_any_edges(long from, long step, int count)
    {
        await using var store = Open();
        var samples = Uneven("icmp-a", Monday, 1_000, 3_600);
        await AppendInPartsAsync(store, samples, 250);

        await AssertWindowsAsync(store, "icmp-a", samples, Monday + from, step, count);
    }

    [Fact]
    public async Task Windows_of_many_series_come_in_the_order_of_the_question_with_nothing_for_those_not_stored()
    {
        await using var store = Open();
        var (a, b) = (Uneven("icmp-a", Monday, 1_000, 1_500), Uneven("icmp-b", Monday + 500, 2_000, 1_500));
        await AppendInPartsAsync(store, [.. a, .. b], 300);
        var query = new WindowQuery
        {
            Series = [Given.Series("icmp-b"), Given.Series("icmp-nobody"), Given.Series("icmp-a")],
            FromMilliseconds = Monday,
            StepMilliseconds = 5 * Minute,
            Count = 12,
        };

        var read = await WindowsAsync(store, query);

        Assert.Equal(query.Series, read.Select(one => one.Series));
        AssertEqual(PlainWindows.Of(b, query), read[0].Windows);
        Assert.All(read[1].Windows, Assert.Null);
        AssertEqual(PlainWindows.Of(a, query), read[2].Windows);
        Assert.All(read, one => Assert.False(one.IsCoarse));
    }

    [Theory]
    [InlineData(0, Hour, 24 * 4)]
    [InlineData(0, 4 * Hour, 24)]
    [InlineData(-Day, Day, 6)]
    [InlineData(5 * Hour, 7 * Hour, 12)]
    [InlineData(0, 4 * Day, 1)]
    [InlineData(30 * Minute, Hour, 90)]
    public async Task Windows_over_days_equal_those_of_the_samples(long from, long step, int count)
    {
        await using var store = Open();
        var samples = Uneven("icmp-a", Monday + 1_234, 10_000, 4 * 8_640);
        await AppendInPartsAsync(store, samples, 2_000);
        var late = Uneven("icmp-b", Monday, 60_000, 500);
        await AppendInPartsAsync(store, late, 10);   // more appends, in which days that are over are summarized

        await AssertWindowsAsync(store, "icmp-a", samples, Monday + from, step, count);
    }

    [Fact]
    public async Task A_day_that_was_summarized_takes_up_late_samples()
    {
        await using var store = Open();
        var samples = Uneven("icmp-a", Monday, 10_000, 3 * 8_640);
        var late = samples.Where(sample => sample.Round % 1_000 == 0).ToList();
        await AppendInPartsAsync(store, [.. samples.Except(late)], 2_000);
        await AppendInPartsAsync(store, Uneven("icmp-b", Monday, 60_000, 100), 10);

        await store.AppendAsync(late.ToArray(), Token);

        await AssertWindowsAsync(store, "icmp-a", samples, Monday, Hour, 72);
        await AppendInPartsAsync(store, Uneven("icmp-b", Monday + (100 * Minute), 60_000, 100), 10);
        await AssertWindowsAsync(store, "icmp-a", samples, Monday, Hour, 72);
    }

    [Theory]
    [InlineData(-2 * Hour)]
    [InlineData(-30 * Hour)]
    [InlineData(-1)]
    public async Task Windows_of_a_series_whose_clock_was_stepped_equal_those_of_the_samples(long step)
    {
        await using var store = Open();
        var samples = Uneven("icmp-a", Monday, 10_000, 3 * 8_640)
            .Select(sample => sample.Round < 12_000 ? sample
                : sample with { SentAtMilliseconds = sample.SentAtMilliseconds + step })
            .ToList();
        await AppendInPartsAsync(store, samples, 2_000);

        await AssertWindowsAsync(store, "icmp-a", samples, Monday, Hour, 72);
        await AssertWindowsAsync(store, "icmp-a", samples, Monday - Day, Day, 6);
        await AssertWindowsAsync(store, "icmp-a", samples, Monday, 17 * Minute, 300);
    }

    [Fact]
    public async Task Other_quantities_go_the_same_way_also_with_values_below_zero()
    {
        await using var store = Open();
        var key = Given.Series("http-a") with { Quantity = new Quantity("certificate", "s") };
        var handle = Catalog.GetOrAdd(key);
        var samples = Enumerable.Range(0, 2_500).Select(n => Given.Sample(handle, n) with
        {
            SentAtMilliseconds = Monday + (n * 1_000L),
            Value = 1_000 - n,
            TimeToLive = null,
        }).ToList();
        await AppendInPartsAsync(store, samples, 100);
        var query = new WindowQuery
        {
            Series = [key],
            FromMilliseconds = Monday,
            StepMilliseconds = 20 * Minute,
            Count = 3,
        };

        var read = Assert.Single(await WindowsAsync(store, query));

        AssertEqual(PlainWindows.Of(samples, query), read.Windows);
        Assert.Equal(-1_499, read.Windows[2]!.Fields.Minimum);
    }

    [Fact]
    public async Task The_latest_sample_of_each_series_is_found_in_blocks_and_before_them()
    {
        await using var store = Open();
        var (a, b) = (Uneven("icmp-a", Monday, 1_000, 1_000), Uneven("icmp-b", Monday, 1_000, 3));
        await AppendInPartsAsync(store, [.. a, .. b], 100);

        var latest = await store.ReadLatestAsync(
            [Given.Series("icmp-b"), Given.Series("icmp-nobody"), Given.Series("icmp-a")], Token);

        Assert.Equal([b[^1], null, a[^1]], latest);
    }

    [Fact]
    public async Task A_question_ends_when_its_asker_goes_away()
    {
        await using var store = Open();
        await AppendInPartsAsync(store, Uneven("icmp-a", Monday, 1_000, 3_000), 500);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var query = new WindowQuery
        {
            Series = [Given.Series("icmp-a")],
            FromMilliseconds = Monday,
            StepMilliseconds = Minute,
            Count = 50,
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in store.ReadWindowsAsync(query, gone.Token))
            {
            }
        });
    }

    private protected static void AssertEqual(Window?[] expected, IReadOnlyList<Window?> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var place = 0; place < expected.Length; place++)
        {
            Assert.True(
                (expected[place]?.ToBytes() ?? []).AsSpan().SequenceEqual(actual[place]?.ToBytes() ?? []),
                $"window {place}: {expected[place]?.Fields} expected, not {actual[place]?.Fields}");
        }
    }

    private protected static async Task AssertWindowsAsync(
        ISampleStore store, string check, List<Sample> samples, long from, long step, int count)
    {
        var query = new WindowQuery
        {
            Series = [Given.Series(check)],
            FromMilliseconds = from,
            StepMilliseconds = step,
            Count = count,
        };
        var read = Assert.Single(await WindowsAsync(store, query));
        AssertEqual(PlainWindows.Of(samples, query), read.Windows);
    }

    private protected static async Task<List<SeriesWindows>> WindowsAsync(ISampleStore store, WindowQuery query)
    {
        var windows = new List<SeriesWindows>();
        await foreach (var one in store.ReadWindowsAsync(query, Token))
        {
            windows.Add(one);
        }
        return windows;
    }

    /// <summary>Samples of a steady interval with slips of some ms, losses, suspects, duplicates.</summary>
    private protected List<Sample> Uneven(string check, long start, int interval, int count)
    {
        var random = new Random(check.Length + count);
        var series = Handle(check);
        return
        [
            .. Enumerable.Range(1, count).Select(n => Given.Sample(series, n, value: 20_000 + random.Next(4_000)) with
            {
                SentAtMilliseconds = start + (n * (long)interval) + random.Next(4),
                IsSuspect = n % 97 == 0,
                Duplicates = (ushort)(n % 211 == 0 ? 2 : 0),
            }).Select(sample => random.Next(50) > 0 ? sample
                : sample with { Value = 0, Loss = random.Next(2) > 0 ? LossReason.Timeout : LossReason.Refused }),
        ];
    }
}
