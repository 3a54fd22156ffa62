using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Storage;

/// <summary>What every store must do; a sealed class for each store inherits it.</summary>
public abstract partial class SampleStoreContract
{
    private protected SeriesCatalog Catalog { get; set; } = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_field_comes_back_as_it_was()
    {
        await using var store = Open();
        var series = Handle("icmp-a");
        List<Sample> samples =
        [
            Given.Sample(series, 1),
            Given.Sample(series, 2) with { Value = 0, Loss = LossReason.HostUnreachable, TimeToLive = null },
            Given.Sample(series, 2, 1) with { IsSuspect = true, Duplicates = 65_535, TimeToLive = 255 },
            Given.Sample(series, 3) with { Value = -5, SentAtMilliseconds = Given.Start - 1, TimeToLive = 0 },
            Given.Sample(series, 4, 65_535) with { Value = Window.MaxValue, SentAtMilliseconds = Given.Start * 4 },
            Given.Sample(series, 5) with { Value = -Window.MaxValue },
        ];

        await store.AppendAsync(samples.ToArray(), Token);

        Assert.Equal(samples, await ReadAllAsync(store, "icmp-a"));
    }

    [Fact]
    public async Task Samples_out_of_range_are_left_out_and_the_others_of_their_batch_stored()
    {
        await using var store = Open();
        var good = Given.Sample(Handle("icmp-a"), 5);

        await store.AppendAsync(
            new[]
            {
                good with { Round = -1 }, good with { Value = Window.MaxValue + 1 }, good,
                good with { Round = 6, SentAtMilliseconds = long.MaxValue },
            },
            Token);

        Assert.Equal([good], await ReadAllAsync(store, "icmp-a"));
    }

    [Fact]
    public async Task The_same_samples_once_more_change_nothing_also_with_other_values_and_after_a_restart()
    {
        var samples = Given.Samples(Handle("icmp-a"), 1, 900);
        await using (var store = Open())
        {
            await AppendInPartsAsync(store, samples, 100);
            await AppendInPartsAsync(store, samples, 90);
        }

        await using var again = Open();
        await again.AppendAsync(samples.Select(sample => sample with { Value = 1 }).ToArray(), Token);

        Assert.Equal(samples, await ReadAllAsync(again, "icmp-a"));
    }

    [Fact]
    public async Task A_batch_that_holds_a_sample_twice_stores_the_first()
    {
        await using var store = Open();
        var series = Handle("icmp-a");

        await store.AppendAsync(new[] { Given.Sample(series, 1), Given.Sample(series, 1, value: 5) }, Token);

        Assert.Equal([Given.Sample(series, 1)], await ReadAllAsync(store, "icmp-a"));
    }

    [Fact]
    public async Task Late_samples_come_in_their_place_wherever_that_is()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1_000, 1_000);
        var late = samples.Where(sample => sample.Round % 7 == 0).ToList();
        await AppendInPartsAsync(store, [.. samples.Except(late)], 50);
        var earlier = Given.Samples(Handle("icmp-a"), 1, 700);

        await store.AppendAsync(late.AsEnumerable().Reverse().ToArray(), Token);
        await store.AppendAsync(earlier.ToArray(), Token);

        Assert.Equal([.. earlier, .. samples], await ReadAllAsync(store, "icmp-a"));
    }

    [Fact]
    public async Task A_span_is_from_inclusive_to_exclusive_by_the_time_of_sending()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1, 1_000);
        await AppendInPartsAsync(store, samples, 100);

        var read = await ReadAsync(store, "icmp-a", Given.Start + 300_000, Given.Start + 950_000);

        Assert.Equal(samples.Where(sample => sample.Round is >= 300 and < 950), read);
        Assert.Empty(await ReadAsync(store, "icmp-a", Given.Start + 300_000, Given.Start + 300_000));
        Assert.Empty(await ReadAsync(store, "icmp-a", long.MinValue, Given.Start));
    }

    [Fact]
    public async Task Samples_whose_clock_was_stepped_back_keep_the_order_of_their_rounds()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1, 800)
            .Select(sample => sample.Round < 400 ? sample : sample with { SentAtMilliseconds = sample.SentAtMilliseconds - 500_000 })
            .ToList();
        await AppendInPartsAsync(store, samples, 100);

        var read = await ReadAsync(store, "icmp-a", Given.Start + 100_000, Given.Start + 200_000);

        Assert.Equal(samples.Where(sample => sample.SentAtMilliseconds is >= Given.Start + 100_000 and < Given.Start + 200_000), read);
        Assert.Equal(200, read.Count);
    }

    [Fact]
    public async Task A_series_that_is_not_stored_is_empty()
    {
        await using var store = Open();

        Assert.Empty(await ReadAllAsync(store, "icmp-nobody"));
    }

    [Fact]
    public async Task Series_are_listed_in_order_and_kept_apart()
    {
        await using var store = Open();
        var two = Catalog.GetOrAdd(Given.Series("icmp-a", 6));

        await store.AppendAsync(new[] { Given.Sample(Handle("tcp-b"), 1), Given.Sample(two, 1), Given.Sample(Handle("icmp-a"), 1) }, Token);

        Assert.Equal(
            [Given.Series("icmp-a"), Given.Series("icmp-a", 6), Given.Series("tcp-b")], await store.ListSeriesAsync(Token));
        Assert.Equal(two, Assert.Single(await ReadAsync(store, Given.Series("icmp-a", 6))).Series);
    }

    [Fact]
    public async Task Each_run_begins_above_every_round_stored_before()
    {
        long first, second;
        await using (var store = Open())
        {
            first = await store.BeginRunAsync(Token);
            await store.AppendAsync(new[] { Given.Sample(Handle("icmp-a"), first + uint.MaxValue) with { SentAtMilliseconds = 1 } }, Token);
        }
        await using (var store = Open())
        {
            second = await store.BeginRunAsync(Token);
            var withoutStore = RunNumber.FirstRound(200_000_000);
            await store.AppendAsync(new[] { Given.Sample(Handle("icmp-a"), withoutStore) with { SentAtMilliseconds = 1 } }, Token);
        }
        await using var last = Open();

        var third = await last.BeginRunAsync(Token);
        Assert.Equal([1L << 32, 2L << 32, 200_000_001L << 32], [first, second, third]);
    }

    [Fact]
    public async Task A_changed_address_is_told_once_and_a_missing_check_is_hidden_not_deleted()
    {
        await using var store = Open();
        await store.AppendAsync(new[] { Given.Sample(Handle("icmp-a"), 1) }, Token);
        Assert.Empty(await store.SaveChecksAsync([Check("icmp-a", "192.0.2.1"), Check("icmp-b", "192.0.2.2")], Token));

        var changes = await store.SaveChecksAsync([Check("icmp-a", "192.0.2.9")], Token);

        Assert.Equal([new AddressChange(CheckId.Parse("icmp-a"), "192.0.2.1", "192.0.2.9")], changes);
        Assert.Empty(await store.SaveChecksAsync([Check("icmp-a", "192.0.2.9")], Token));
        Assert.Single(await store.SaveChecksAsync([Check("icmp-b", "192.0.2.3")], Token));
        Assert.Single(await ReadAllAsync(store, "icmp-a"));
    }

    [Fact]
    public async Task A_renamed_check_carries_its_history_over_and_late_samples_follow_it()
    {
        var old = Handle("icmp-old");
        var samples = Given.Samples(old, 1, 600);
        await using (var store = Open())
        {
            await store.SaveChecksAsync([Check("icmp-old", "192.0.2.1")], Token);
            await AppendInPartsAsync(store, samples[..500], 100);
            var renamed = Check("icmp-new", "192.0.2.1") with { RenamedFrom = CheckId.Parse("icmp-old") };
            Assert.Empty(await store.SaveChecksAsync([renamed], Token));
            await store.AppendAsync(samples.ToArray(), Token);
            Assert.Empty(await store.SaveChecksAsync([renamed], Token));
        }
        await using var again = Open();

        Assert.Equal([Given.Series("icmp-new")], await again.ListSeriesAsync(Token));
        Assert.Equal(samples.Select(sample => sample.Round), (await ReadAllAsync(again, "icmp-new")).Select(sample => sample.Round));
    }

    [Fact]
    public async Task Marks_come_back_in_time_order_and_the_same_mark_is_kept_once()
    {
        await using var store = Open();
        var marks = (IMarkStore)store;
        var later = new Mark(Given.Start + 5, MarkKind.AddressChanged, CheckId.Parse("icmp-a"), "192.0.2.1 became 192.0.2.2");
        var earlier = new Mark(Given.Start, MarkKind.Started, null, "sonde 0.1.0 started");

        await marks.AddMarkAsync(later, Token);
        await marks.AddMarkAsync(earlier, Token);
        await marks.AddMarkAsync(later, Token);

        Assert.Equal([earlier, later], await marks.ReadMarksAsync(Given.Start, Given.Start + 6, Token));
        Assert.Equal([earlier], await marks.ReadMarksAsync(Given.Start, Given.Start + 5, Token));
    }

    [Fact]
    public async Task Reading_sees_each_acknowledged_sample_once_while_others_are_appended()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1, 3_000);
        var acknowledged = 0;
        var appending = Task.Run(
            async () =>
            {
                for (var done = 0; done < samples.Count; done += 20)
                {
                    await store.AppendAsync(samples[done..(done + 20)].ToArray(), Token);
                    Volatile.Write(ref acknowledged, done + 20);
                }
            },
            Token);

        while (!appending.IsCompleted)
        {
            var atLeast = Volatile.Read(ref acknowledged);
            var read = await ReadAllAsync(store, "icmp-a");
            Assert.True(read.Count >= atLeast, $"{read.Count} of {atLeast} acknowledged samples are there");
            Assert.Equal(samples.Take(read.Count), read);
        }
        await appending;
    }

    private protected abstract ISampleStore Open();

    private protected SeriesHandle Handle(string check) => Catalog.GetOrAdd(Given.Series(check));

    private protected static Task<List<Sample>> ReadAllAsync(ISampleStore store, string check) =>
        ReadAsync(store, Given.Series(check));

    private protected static Task<List<Sample>> ReadAsync(ISampleStore store, string check, long from, long to) =>
        ReadAsync(store, Given.Series(check), from, to);

    private protected static async Task<List<Sample>> ReadAsync(
        ISampleStore store, SeriesKey series, long from = long.MinValue, long to = long.MaxValue)
    {
        var samples = new List<Sample>();
        await foreach (var batch in store.ReadAsync(series, from, to, Token))
        {
            samples.AddRange(batch.Span);
        }
        return samples;
    }

    private protected static async Task AppendInPartsAsync(ISampleStore store, List<Sample> samples, int part)
    {
        for (var done = 0; done < samples.Count; done += part)
        {
            await store.AppendAsync(samples[done..Math.Min(done + part, samples.Count)].ToArray(), Token);
        }
    }

    private protected static Check Check(string id, string host) =>
        new() { Id = CheckId.Parse(id), Name = id, Kind = CheckKind.Icmp, Host = host };
}
