using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Cli;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Xunit;

namespace Sonde.Tests.Storage;

public sealed class SqliteSampleStoreTests : SampleStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string DatabaseFile => _directory.File(SqliteFile.Name);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_second_store_on_the_same_directory_is_refused_in_words()
    {
        await using var first = Open();
        await first.BeginRunAsync(Token);
        await using var second = Open();

        var refused = await Assert.ThrowsAsync<StoreRefusedException>(async () => await second.BeginRunAsync(Token));

        Assert.Contains("Another sonde process uses the data directory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_in_words_and_left_as_it_is()
    {
        await using (var store = Open())
        {
            await store.BeginRunAsync(Token);
        }
        Sql("PRAGMA user_version=99");
        await using var older = Open();

        var refused = await Assert.ThrowsAsync<StoreRefusedException>(async () => await older.BeginRunAsync(Token));

        Assert.Contains("written by a newer sonde (store version 99", refused.Message, StringComparison.Ordinal);
        Assert.Equal(99, Sql("PRAGMA user_version"));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_in_words()
    {
        Sql("CREATE TABLE recipe (id INTEGER)");
        await using var store = Open();

        var refused = await Assert.ThrowsAsync<StoreRefusedException>(async () => await store.BeginRunAsync(Token));

        Assert.Contains("a database of another program", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_says_so_and_what_to_do()
    {
        await File.WriteAllTextAsync(DatabaseFile, new string('x', 5_000), Token);
        await using var store = Open();

        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.BeginRunAsync(Token));

        Assert.Contains("damaged or not an SQLite database: move it away", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_place_of_the_directory_says_so()
    {
        await File.WriteAllTextAsync(_directory.File("data"), "", Token);
        await using var store = Open(_directory.File("data"));

        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.BeginRunAsync(Token));

        Assert.Contains("The data directory", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_store_works_as_soon_as_what_was_in_its_way_is_gone()
    {
        await File.WriteAllTextAsync(DatabaseFile, new string('x', 5_000), Token);
        await using var store = Open();
        var sample = Given.Sample(Handle("icmp-a"), 1);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(new[] { sample }, Token));

        File.Delete(DatabaseFile);
        await store.AppendAsync(new[] { sample }, Token);

        Assert.Equal([sample], await ReadAllAsync(store, "icmp-a"));
    }

    [Fact]
    public async Task A_damaged_block_costs_its_samples_only_and_later_appends_go_on()
    {
        var samples = Given.Samples(Handle("icmp-a"), 1, 3_000);
        await using (var store = Open())
        {
            await AppendInPartsAsync(store, samples, 100);
        }
        var lost = Sql("SELECT sent FROM block ORDER BY first_round LIMIT 1 OFFSET 1");
        var first = Sql("SELECT first_round FROM block ORDER BY first_round LIMIT 1 OFFSET 1");
        Sql($"UPDATE block_bytes SET bytes = zeroblob(length(bytes)) WHERE first_round = {first}");

        await using var damaged = Open();
        var read = await ReadAllAsync(damaged, "icmp-a");
        var late = Given.Sample(Handle("icmp-a"), first + 3, 9);
        await damaged.AppendAsync(new[] { late, samples[(int)first - 1] }, Token);

        Assert.True(lost > 100, $"the block had {lost} samples");
        Assert.Equal(samples.Where(sample => sample.Round < first || sample.Round >= first + lost), read);
        Assert.Contains(late, await ReadAllAsync(damaged, "icmp-a"));
        var query = new WindowQuery
        {
            Series = [Given.Series("icmp-a")],
            FromMilliseconds = Given.Start,
            StepMilliseconds = Hour,
            Count = 2,
        };
        Assert.True((await WindowsAsync(damaged, query))[0].Windows[0]!.Sent >= 2_900);
    }

    [Fact]
    public async Task A_late_sample_in_the_append_that_summarizes_its_day_is_in_the_summary()
    {
        await using var store = Open();
        var samples = Uneven("icmp-a", Monday, 10_000, 8_640 + 3_000);
        var late = samples[4_000];
        await store.AppendAsync(samples.Where(sample => sample.Round != late.Round).ToArray(), Token);
        await store.AppendAsync(new[] { Given.Sample(Handle("icmp-b"), 1) }, Token);   // seals the blocks of both days

        await store.AppendAsync(new[] { late }, Token);

        Assert.Equal(1, Sql("SELECT COUNT(*) FROM day"));
        await AssertWindowsAsync(store, "icmp-a", samples, Monday, Hour, 48);
    }

    [Fact]
    public async Task A_summary_whose_samples_are_gone_counts_once_however_many_windows_there_are()
    {
        await using var store = Open();
        await AppendInPartsAsync(store, Uneven("icmp-a", Monday, 1_000, 20_000), 1_000);
        Sql("DELETE FROM block_bytes");
        var coarse = new WindowQuery
        {
            Series = [Given.Series("icmp-a")],
            FromMilliseconds = Monday + (5 * Minute),
            StepMilliseconds = 2 * Minute,
            Count = 120,
        };

        var few = Assert.Single(await WindowsAsync(store, coarse));
        var many = Assert.Single(await WindowsAsync(store, coarse with { StepMilliseconds = Minute, Count = 240 }));

        Assert.Equal(few.Windows.Sum(window => window?.Sent ?? 0), many.Windows.Sum(window => window?.Sent ?? 0));
        Assert.True(few.IsCoarse && many.IsCoarse);
    }

    [Fact]
    public async Task A_damaged_journal_row_costs_its_samples_only()
    {
        var samples = Given.Samples(Handle("icmp-a"), 1, 40);
        await using (var store = Open())
        {
            await AppendInPartsAsync(store, samples, 10);
        }
        Sql("UPDATE journal SET bytes = substr(bytes, 2) WHERE seq = 2");

        await using var damaged = Open();

        Assert.Equal([.. samples[..10], .. samples[20..]], await ReadAllAsync(damaged, "icmp-a"));
    }

    [Fact]
    public async Task The_journal_holds_no_more_than_what_is_in_no_block()
    {
        await using (var store = Open())
        {
            await AppendInPartsAsync(store, Given.Samples(Handle("icmp-a"), 1, 10_000), 20);
        }

        Assert.InRange(Sql("SELECT COUNT(*) FROM journal"), 1, 1_000 / 20);
        Assert.InRange(Sql("SELECT COUNT(*) FROM block"), 10_000 / 1_000, 10_000 / 400);
    }

    [Fact]
    public async Task Days_that_are_over_are_summarized_once_and_again_after_late_samples()
    {
        await using var store = Open();
        var samples = Uneven("icmp-a", Monday, 10_000, 4 * 8_640);
        var late = samples[9_000..9_003];
        await AppendInPartsAsync(store, [.. samples.Except(late)], 2_000);
        Assert.Equal(3, Sql("SELECT COUNT(*) FROM day"));
        Assert.Equal(8_640, Sql($"SELECT sent FROM day WHERE day_ms = {Monday + (2 * Day)}"));

        await store.AppendAsync(late.ToArray(), Token);
        Assert.InRange(Sql("SELECT COUNT(*) FROM day"), 1, 2);   // a block may lie in two days
        await store.AppendAsync(late.ToArray(), Token);

        Assert.Equal(3, Sql("SELECT COUNT(*) FROM day"));
        Assert.Equal(1, Sql("SELECT COUNT(*) FROM day_due"));
    }

    [Fact]
    public async Task A_store_of_version_1_is_brought_forward_whole()
    {
        var expected = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "version1.csv"), Token);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "version1.db"), DatabaseFile);
        await using (var store = Open())
        {
            await store.BeginRunAsync(Token);
        }

        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(_directory.Path));
        using var exported = new MemoryStream();
        SampleExport.Find(snapshot, new ExportQuery(true, long.MinValue, long.MaxValue, []))
            .Write(exported, (_, _) => { }, Token);
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(exported.ToArray()));
        Assert.Empty(snapshot.Damage);
        Assert.Equal(3, Sql("PRAGMA user_version"));
        Assert.Equal(682, Sql("SELECT SUM(sent) FROM block"));   // the rest was in the journal
    }

    [Fact]
    public async Task A_failed_batch_leaves_nothing_behind_and_can_be_appended_again()
    {
        await using var store = Open();
        await store.BeginRunAsync(Token);
        Sql("CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no'); END");
        var samples = Given.Samples(Handle("icmp-a"), 1, 10);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(samples.ToArray(), Token));
        Sql("DROP TRIGGER refuse");

        await store.AppendAsync(samples.ToArray(), Token);

        Assert.Equal(samples, await ReadAllAsync(store, "icmp-a"));
        Assert.Equal(1, Sql("SELECT COUNT(*) FROM series"));
    }

    [Fact]
    public async Task A_directory_that_was_removed_is_told_once_and_made_anew_with_run_and_checks()
    {
        var data = _directory.File("data");
        await using var store = Open(data);
        var first = await store.BeginRunAsync(Token);
        await store.SaveChecksAsync([Check("icmp-a", "192.0.2.1")], Token);
        await store.AppendAsync(Given.Samples(Handle("icmp-a"), first, 3).ToArray(), Token);
        var later = Given.Samples(Handle("icmp-a"), first + 3, 3);

        Directory.Delete(data, recursive: true);
        var told = await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.AppendAsync(later.ToArray(), Token));
        await store.AppendAsync(later.ToArray(), Token);

        Assert.Contains(data, told.Message, StringComparison.Ordinal);
        Assert.Contains("removed", told.Message, StringComparison.Ordinal);
        Assert.Equal(later, await ReadAllAsync(store, "icmp-a"));
        Assert.Equal(1, Sql("SELECT number FROM run", data));
        Assert.Equal(1, Sql("SELECT COUNT(*) FROM check_ WHERE id = 'icmp-a'", data));
    }

    [Theory]
    [InlineData("sonde.db")]
    [InlineData("sonde.lock")]
    public async Task A_file_of_the_store_that_was_removed_is_told_also_when_nothing_is_to_be_stored(string name)
    {
        await using var store = Open();
        await store.BeginRunAsync(Token);

        File.Delete(_directory.File(name));

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(default, Token));
        await store.AppendAsync(default, Token);
        Assert.True(File.Exists(_directory.File(name)));
    }

    [Fact]
    public async Task A_directory_that_comes_back_is_written_on()
    {
        var (data, away) = (_directory.File("data"), _directory.File("away"));
        await using var store = Open(data);
        var samples = Given.Samples(Handle("icmp-a"), await store.BeginRunAsync(Token), 4);
        await store.AppendAsync(samples[..2].ToArray(), Token);

        Directory.Move(data, away);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(default, Token));
        Directory.Move(away, data);
        await store.AppendAsync(samples[2..].ToArray(), Token);

        Assert.Equal(samples, await ReadAllAsync(store, "icmp-a"));
        Assert.Equal(1, Sql("SELECT COUNT(*) FROM run", data));
    }

    [Fact]
    public async Task A_directory_that_another_process_took_is_refused_meanwhile_and_shared_without_loss_afterwards()
    {
        var data = _directory.File("data");
        await using var store = Open(data);
        var first = await store.BeginRunAsync(Token);
        var ours = Given.Sample(Handle("icmp-a"), first + 7, value: 111);
        Directory.Delete(data, recursive: true);
        await using var other = Open(data);
        Assert.Equal(first, await other.BeginRunAsync(Token));
        var theirs = ours with { Value = 222 };
        await other.AppendAsync(new[] { theirs }, Token);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(new[] { ours }, Token));
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.AppendAsync(new[] { ours }, Token));
        await other.DisposeAsync();
        await store.AppendAsync(new[] { ours }, Token);

        Assert.Contains("Another sonde process uses the data directory", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            [theirs, ours with { Round = RunNumber.FirstRound(2) + 7 }], await ReadAllAsync(store, "icmp-a"));
    }

    private protected override ISampleStore Open() => Open(_directory.Path);

    private SampleStore Open(string directory) =>
        new(new SqliteDatabase(directory), Catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private long Sql(string statement, string? directory = null)
    {
        var file = directory is null ? DatabaseFile : Path.Combine(directory, SqliteFile.Name);
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar() as long? ?? 0;
    }
}
