using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Xunit;

namespace Sonde.Tests.Storage;

/// <summary>What is too old or too much goes, the rest stays, and the disk gets its room back.</summary>
public sealed class RetentionTests : IDisposable
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private readonly TemporaryDirectory _directory = new();
    private readonly SeriesCatalog _catalog = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string DatabaseFile => _directory.File(SqliteFile.Name);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Samples_that_are_too_old_go_and_their_summaries_stay()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1, 20_000);
        await AppendAsync(store, samples);
        var whole = await SumAsync(store, "icmp-a");
        var now = samples[^1].SentAtMilliseconds;

        var result = await store.RetainAsync(new() { RawAge = TimeSpan.FromSeconds(5_000) }, now, Token);

        var kept = await ReadAsync(store, "icmp-a");
        Assert.Equal(samples[^kept.Count..], kept);
        Assert.InRange(kept.Count, 5_000, 6_100);
        Assert.Equal(20_000 - kept.Count, result.Samples);
        Assert.Equal((1, 0L), (result.Series, result.Summaries));
        Assert.Equal(samples[0].SentAtMilliseconds, result.Span!.Value.EarliestMilliseconds);
        var after = await SumAsync(store, "icmp-a");
        Assert.Equal(whole.ToBytes(), after.ToBytes());
        Assert.Equal(Sql("SELECT SUM(raw_bytes) FROM space"), Sql("SELECT SUM(length(bytes)) FROM block_bytes"));
        Assert.Equal(result.KeptRawBytes, Sql("SELECT SUM(length(bytes)) FROM block_bytes"));
    }

    [Fact]
    public async Task Windows_of_samples_that_are_gone_say_that_they_are_coarse()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1, 5_000);
        await AppendAsync(store, samples);
        await store.RetainAsync(
            new() { RawAge = TimeSpan.FromSeconds(1_500) }, samples[^1].SentAtMilliseconds, Token);

        var fine = await WindowsAsync(store, Given.Start, 60_000, 50);
        var late = await WindowsAsync(store, samples[^1].SentAtMilliseconds - 600_000, 60_000, 10);

        Assert.True(fine.IsCoarse);
        Assert.False(late.IsCoarse);
        Assert.Equal(600, late.Windows.Sum(window => window!.Sent));
    }

    [Fact]
    public async Task Of_too_many_bytes_the_oldest_go_across_all_series_until_it_fits()
    {
        await using var store = Open();
        foreach (var check in (string[])["icmp-a", "icmp-b", "icmp-c"])
        {
            await AppendAsync(store, Noisy(check, 60_000));
        }
        var before = Sql("SELECT SUM(length(bytes)) FROM block_bytes");

        var result = await store.RetainAsync(new() { RawBytes = before / 2 }, Given.Start + (10 * Day), Token);

        var kept = Sql("SELECT SUM(length(bytes)) FROM block_bytes");
        Assert.InRange(kept, before / 2 * 0.9, before / 2);
        Assert.Equal(kept, result.KeptRawBytes);
        var oldest = new List<long>();
        foreach (var check in (string[])["icmp-a", "icmp-b", "icmp-c"])
        {
            oldest.Add((await ReadAsync(store, check))[0].SentAtMilliseconds);
        }
        Assert.InRange(oldest.Max() - oldest.Min(), 0, 1_100 * 1_000);   // a block at most
        Assert.Equal(result.OldestMilliseconds, oldest.Min());
    }

    [Fact]
    public async Task The_file_becomes_smaller_on_the_disk()
    {
        await using var store = Open();
        await AppendAsync(store, Noisy("icmp-a", 400_000));
        var before = Length();

        var result = await store.RetainAsync(new() { RawBytes = 100_000 }, Given.Start + (10 * Day), Token);

        Assert.True(result.FreedBytes > before / 3, $"{result.FreedBytes} of {before} bytes were freed");
        Assert.True(Length() < before * 2 / 3, $"{before} bytes before, {Length()} now");
        Assert.InRange(Sql("PRAGMA freelist_count"), 0, 1 + (Sql("PRAGMA page_count") / 64));
    }

    [Fact]
    public async Task Summaries_go_by_whole_days_with_the_days_own()
    {
        await using var store = Open();
        await AppendAsync(store, Every10Seconds("icmp-a", days: 6));
        var now = Given.Start + (6 * Day);

        var result = await store.RetainAsync(
            new() { RawAge = TimeSpan.FromDays(1), SummaryAge = TimeSpan.FromDays(2.5) }, now, Token);

        var from = Given.Start + (3 * Day);
        Assert.True(result.Summaries > 10);
        Assert.Equal(0, Sql($"SELECT COUNT(*) FROM block WHERE last_ms < {from}"));
        Assert.Equal(0, Sql($"SELECT COUNT(*) FROM day WHERE day_ms < {from}"));
        Assert.Equal(2, Sql("SELECT COUNT(*) FROM day"));
        Assert.Equal(Sql("SELECT COUNT(*) FROM block"), Sql("SELECT SUM(blocks) FROM space"));
        var windows = await WindowsAsync(store, from, Day, 3);
        Assert.Equal([8_640, 8_640, 8_640], windows.Windows.Select(window => window!.Sent));
    }

    [Fact]
    public async Task Too_many_bytes_of_summaries_let_the_oldest_days_go()
    {
        await using var store = Open();
        await AppendAsync(store, Every10Seconds("icmp-a", days: 6));
        var before = Sql("SELECT SUM(summary_bytes) FROM space");

        await store.RetainAsync(new() { SummaryBytes = before / 2 }, Given.Start + (6 * Day), Token);

        Assert.InRange(Sql("SELECT SUM(summary_bytes) FROM space"), before / 4, before / 2);
        Assert.Equal(6 * 8_640, (await ReadAsync(store, "icmp-a"))[^1].Round);
    }

    [Fact]
    public async Task What_comes_after_a_block_whose_samples_are_gone_is_kept_and_what_falls_into_it_is_not()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1, 1_700);
        await AppendAsync(store, samples);
        await store.SealAsync(Given.Start, Token);   // what is full
        var last = Sql("SELECT MAX(last_round) FROM block");
        await store.RetainAsync(
            new() { RawAge = TimeSpan.FromSeconds(1) }, samples[^1].SentAtMilliseconds + Day, Token);
        Assert.Equal(0, Sql("SELECT COUNT(*) FROM block_bytes"));

        var within = Given.Sample(Handle("icmp-a"), 3, index: 1);
        var behind = Given.Sample(Handle("icmp-a"), last, index: 1);   // late, but after all that is gone
        await store.AppendAsync(new[] { within, behind }, Token);

        Assert.Equal([behind, .. samples.Where(sample => sample.Round > last)], await ReadAsync(store, "icmp-a"));
        Assert.Equal(1_701, (await SumAsync(store, "icmp-a")).Sent);
    }

    [Fact]
    public async Task Without_limits_nothing_goes()
    {
        await using var store = Open();
        var samples = Given.Samples(Handle("icmp-a"), 1, 3_000);
        await AppendAsync(store, samples);

        var result = await store.RetainAsync(new(), Given.Start + (100_000 * Day), Token);

        Assert.Equal((0, 0L, null), (result.Series, result.Samples, result.Span));
        Assert.Equal(samples, await ReadAsync(store, "icmp-a"));
        Assert.Equal(samples[0].SentAtMilliseconds, result.OldestMilliseconds);
    }

    [Fact]
    public async Task Appends_and_readers_go_on_beside_it()
    {
        await using var store = Open();
        await AppendAsync(store, Noisy("icmp-old", 100_000));
        var fresh = Given.Samples(Handle("icmp-a"), 200_000, 4_000);
        var retaining = Task.Run(
            async () =>
            {
                for (var keep = 100_000; keep > 0; keep -= 10_000)
                {
                    await store.RetainAsync(
                        new() { RawAge = TimeSpan.FromSeconds(keep) }, Given.Start + 100_000_000, Token);
                }
            },
            Token);
        for (var done = 0; done < fresh.Count; done += 100)
        {
            await store.AppendAsync(fresh[done..(done + 100)].ToArray(), Token);
            var old = await ReadAsync(store, "icmp-old");
            Assert.Equal(old.Count, old.Select(sample => sample.Round).Distinct().Count());
            Assert.Equal(100_000, (await SumAsync(store, "icmp-old")).Sent);
        }
        await retaining;

        Assert.Equal(fresh, await ReadAsync(store, "icmp-a"));
        Assert.InRange((await ReadAsync(store, "icmp-old")).Count, 10_000, 11_100);
    }

    private SampleStore Open() =>
        new(new SqliteDatabase(_directory.Path), _catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private SeriesHandle Handle(string check) => _catalog.GetOrAdd(Given.Series(check));

    private List<Sample> Noisy(string check, int count)
    {
        var random = new Random(1);
        return [.. Given.Samples(Handle(check), 1, count).Select(sample => sample with { Value = random.Next(1_000_000) })];
    }

    private List<Sample> Every10Seconds(string check, int days) =>
    [
        .. Given.Samples(Handle(check), 1, days * 8_640)
            .Select(sample => sample with { SentAtMilliseconds = Given.Start + ((sample.Round - 1) * 10_000) }),
    ];

    private static async Task AppendAsync(SampleStore store, List<Sample> samples)
    {
        for (var done = 0; done < samples.Count; done += 1_000)
        {
            await store.AppendAsync(samples[done..Math.Min(done + 1_000, samples.Count)].ToArray(), Token);
        }
        await store.AppendAsync(default, Token);
    }

    private static async Task<List<Sample>> ReadAsync(SampleStore store, string check)
    {
        var samples = new List<Sample>();
        await foreach (var batch in store.ReadAsync(Given.Series(check), long.MinValue, long.MaxValue, Token))
        {
            samples.AddRange(batch.Span);
        }
        return samples;
    }

    private static async Task<Sonde.Measurement.Statistics.Window> SumAsync(SampleStore store, string check) =>
        (await WindowsAsync(store, Given.Start, 400 * Day, 1, check)).Windows[0]!;

    private static async Task<SeriesWindows> WindowsAsync(
        SampleStore store, long from, long step, int count, string check = "icmp-a")
    {
        var query = new WindowQuery
        {
            Series = [Given.Series(check)],
            FromMilliseconds = from,
            StepMilliseconds = step,
            Count = count,
        };
        await foreach (var windows in store.ReadWindowsAsync(query, Token))
        {
            return windows;
        }
        throw new InvalidOperationException("no windows");
    }

    private long Length() => new FileInfo(DatabaseFile).Length;

    private long Sql(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar() as long? ?? 0;
    }
}
