using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Marks;
using Sonde.Samples;
using Sonde.Storage.Sql;
using Sonde.Storage.Sqlite;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Cli;

/// <summary><c>sonde store …</c> on real stores.</summary>
public sealed class StoreVerbsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SeriesCatalog _catalog = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _directory.File("data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Info_counts_what_is_there_in_words_and_as_json()
    {
        await MakeAsync();

        var text = await CommandRun.RunAsync("store", "info", "--data", Data, "--checks");
        var json = await JsonAsync("store", "info", "--data", Data, "--checks", "--json");

        Assert.Equal((0, ""), (text.Code, text.Errors));
        Assert.Contains("2, 1 of them hidden", text.Output, StringComparison.Ordinal);
        Assert.Contains("icmp-a: 12000 samples", text.Output, StringComparison.Ordinal);
        Assert.Equal(3, json.GetProperty("version").GetInt32());
        Assert.Equal(15_000, json.GetProperty("samples").GetInt64());
        Assert.Equal(15_000, json.GetProperty("samplesInBlocks").GetInt64() + json.GetProperty("openSamples").GetInt64());
        Assert.Equal("2026-01-01T00:00:01.000Z", json.GetProperty("from").GetString());
        Assert.Equal(["icmp-a", "icmp-b"], json.GetProperty("byCheck").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Verify_finds_a_sound_store_sound_also_beside_the_one_that_writes_it()
    {
        await using var store = await MakeAsync(isOpen: true);

        var verify = await JsonAsync("store", "verify", "--data", Data, "--json");

        Assert.True(verify.GetProperty("isSound").GetBoolean(), verify.ToString());
        Assert.True(verify.GetProperty("samples").GetInt64() > 13_000);
        Assert.Equal(1, verify.GetProperty("days").GetInt64());
    }

    [Theory]
    [InlineData("UPDATE block_bytes SET bytes = zeroblob(length(bytes)) WHERE first_round < 900 AND series_id = 1", "check icmp-a (local, IPv4, rtt) from 2026-01-01 00:00:10")]
    [InlineData("UPDATE block SET min_value = min_value + 1 WHERE series_id = 1 AND first_round < 900", "is not that of its")]
    [InlineData("UPDATE block SET sketch = x'00' WHERE series_id = 2 AND first_round < 900", "is not that of its")]
    [InlineData("DELETE FROM block WHERE series_id = 2 AND first_round < 900", "has lost its summary")]
    [InlineData("UPDATE day SET sent = sent + 1", "The summary of the day 2026-01-01 of check icmp-a")]
    [InlineData("UPDATE day SET suspect = suspect + 1", "is not that of its blocks")]
    [InlineData("UPDATE journal SET bytes = 5 WHERE seq = (SELECT MAX(seq) FROM journal)", "of the journal is damaged")]
    [InlineData("UPDATE day SET hours = substr(hours, 1, 9)", "The summary of the day 2026-01-01 of check icmp-a")]
    [InlineData("UPDATE journal SET bytes = substr(bytes, 2)", "of the journal is damaged")]
    [InlineData("UPDATE series SET longest_ms = 5", "longer than any block should be")]
    public async Task Verify_says_in_words_what_is_damaged(string damage, string expected)
    {
        await MakeAsync();
        Sql(damage);

        var verify = await CommandRun.RunAsync("store", "verify", "--data", Data);

        Assert.Equal(1, verify.Code);
        Assert.Contains(expected, verify.Errors, StringComparison.Ordinal);
        Assert.Contains("the rest is readable", verify.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compact_joins_small_blocks_makes_the_file_smaller_and_changes_no_sample()
    {
        await using (var store = Open())
        {
            await store.BeginRunAsync(Token);
            for (var part = 0; part < 60; part++)   // parts of a day that come late, each before the one before it
            {
                await store.AppendAsync(Given.Samples(Handle("icmp-a"), (60 - part) * 2_000, 1_150).ToArray(), Token);
                await store.AppendAsync(default, Token);
            }
        }
        Sql("DELETE FROM mark");
        var (samples, blocks) = (await ExportAsync(), Sql("SELECT COUNT(*) FROM block"));

        var compact = await JsonAsync("store", "compact", "--data", Data, "--json");

        Assert.Equal(samples, await ExportAsync());
        Assert.True(compact.GetProperty("bytesAfter").GetInt64() <= compact.GetProperty("bytesBefore").GetInt64());
        // what was open makes at most a block more
        Assert.InRange(Sql("SELECT COUNT(*) FROM block") + compact.GetProperty("joinedBlocks").GetInt64(), blocks, blocks + 1);
        Assert.Equal(0, Sql("SELECT COUNT(*) FROM journal"));
        Assert.Equal(16_384, Sql("PRAGMA page_size"));
        Assert.Equal(2, Sql("PRAGMA auto_vacuum"));
        Assert.Equal(0, Sql("PRAGMA freelist_count"));
        await AssertSoundAsync(Data);
        Assert.Equal(Sql("SELECT SUM(length(bytes)) FROM block_bytes"), Sql("SELECT SUM(raw_bytes) FROM space"));
    }

    [Fact]
    public async Task Compact_brings_a_store_of_version_1_forward_and_into_larger_pages()
    {
        Directory.CreateDirectory(Data);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "version1.db"), Path.Combine(Data, SqliteFile.Name));
        var refused = await CommandRun.RunAsync("store", "info", "--data", Data);

        var compact = await CommandRun.RunAsync("store", "compact", "--data", Data);

        Assert.Equal(2, refused.Code);
        Assert.Contains("sonde store compact --data", refused.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), (compact.Code, compact.Errors));
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "version1.csv"), Token), await ExportAsync());
        Assert.Equal((3, 16_384, 2), (Sql("PRAGMA user_version"), Sql("PRAGMA page_size"), Sql("PRAGMA auto_vacuum")));
        await AssertSoundAsync(Data);
    }

    [Fact]
    public async Task Backup_beside_the_one_that_writes_is_whole_and_usable_and_overwrites_nothing()
    {
        await using var store = await MakeAsync(isOpen: true);
        var copy = _directory.File("copy");
        Directory.CreateDirectory(copy);
        var last = 20_000L;
        var appending = Task.Run(
            async () =>
            {
                for (; last < 23_000; last += 100)
                {
                    await store.AppendAsync(Given.Samples(Handle("icmp-a"), last, 100).ToArray(), Token);
                }
            },
            Token);

        var backup = await CommandRun.RunAsync("store", "backup", copy, "--data", Data);
        var again = await CommandRun.RunAsync("store", "backup", copy, "--data", Data);
        await appending;

        Assert.Equal((0, ""), (backup.Code, backup.Errors));
        Assert.Equal(2, again.Code);
        Assert.Contains("is there already", again.Errors, StringComparison.Ordinal);
        Assert.Equal(["sonde.db"], Directory.GetFiles(copy).Select(Path.GetFileName));
        await AssertSoundAsync(copy);
        var copied = (await CommandRunExportAsync(copy)).Split('\n');
        var now = (await ExportAsync()).Split('\n').ToHashSet();
        Assert.True(copied.Length > 9_000);
        Assert.All(copied, row => Assert.Contains(row, now));
    }

    [Fact]
    public async Task Forget_deletes_all_of_a_check_and_nothing_of_it_comes_back()
    {
        await MakeAsync();
        var others = (await ExportAsync()).Split('\n').Where(row => !row.StartsWith("icmp-a", StringComparison.Ordinal));

        var unknown = await CommandRun.RunAsync("store", "forget", "icmp", "--data", Data);
        var forget = await JsonAsync("store", "forget", "icmp-a", "--data", Data, "--json");

        Assert.Equal(2, unknown.Code);
        Assert.Contains("There is no check with the id 'icmp'", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal((1, 12_000L), (forget.GetProperty("series").GetInt32(), forget.GetProperty("samples").GetInt64()));
        Assert.True(forget.GetProperty("bytes").GetInt64() > 1_000);
        Assert.Equal(string.Join('\n', others), await ExportAsync());
        Assert.Equal(0, Sql("SELECT COUNT(*) FROM mark WHERE check_id = 'icmp-a'"));
        await AssertSoundAsync(Data);
        await using (var store = Open())
        {
            await store.AppendAsync(Given.Samples(Handle("icmp-a"), 1, 5).ToArray(), Token);
            Assert.Equal(5, (await ReadAsync(store, "icmp-a")).Count);
        }
        Assert.Equal(3, Sql("SELECT id FROM series WHERE check_id = 'icmp-a'"));   // its number is not used again
    }

    [Theory]
    [InlineData("forget", "icmp-a")]
    [InlineData("compact")]
    public async Task A_store_in_use_is_refused_with_what_to_do(params string[] arguments)
    {
        await using var store = await MakeAsync(isOpen: true);

        var run = await CommandRun.RunAsync(["store", .. arguments, "--data", Data]);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("Another sonde process uses the data directory", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Stop 'sonde run' first", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_copies_everything_also_summaries_whose_samples_are_gone_and_goes_on_after_a_break()
    {
        await using (var store = await MakeAsync(isOpen: true))
        {
            await store.RetainAsync(
                new() { RawAge = TimeSpan.FromSeconds(20_000) }, Given.Start + 120_000_000, Token);
        }
        var target = _directory.File("target");
        var first = await CommandRun.RunAsync("store", "migrate", "--from", Data, "--to", target);
        Sql("DELETE FROM journal; DELETE FROM block WHERE series_id = 2; DELETE FROM block_bytes WHERE series_id = 2", target);

        var again = await CommandRun.RunAsync("store", "migrate", "--from", Data, "--to", target);

        Assert.Equal((0, ""), (first.Code, first.Errors));
        Assert.Equal((0, ""), (again.Code, again.Errors));
        Assert.Equal(await ExportAsync(), await CommandRunExportAsync(target));
        await AssertSoundAsync(target);
        foreach (var table in (string[])["run", "check_", "series", "block", "block_bytes", "day", "day_due", "mark", "space", "journal"])
        {
            Assert.Equal(Dump(table, Data), Dump(table, target));
        }
    }

    [Fact]
    public async Task Migrate_refuses_a_store_that_has_samples_of_its_own()
    {
        await MakeAsync();
        var target = _directory.File("target");
        await using (var other = Open(target))
        {
            await other.AppendAsync(Given.Samples(Handle("icmp-z"), 1, 5).ToArray(), Token);
        }

        var run = await CommandRun.RunAsync("store", "migrate", "--from", Data, "--to", target);

        Assert.Equal(2, run.Code);
        Assert.Contains("has samples of its own", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info")]
    [InlineData("verify")]
    [InlineData("compact")]
    [InlineData("backup", "x")]
    [InlineData("forget", "icmp-a")]
    [InlineData("migrate", "--to", "/nowhere")]
    public async Task Where_there_is_no_store_none_is_made(params string[] arguments)
    {
        var option = arguments[0] == "migrate" ? "--from" : "--data";

        var run = await CommandRun.RunAsync(["store", .. arguments, option, Data]);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains($"There is no directory {Data}", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    private async Task<SampleStore> MakeAsync(bool isOpen = false)
    {
        var store = Open();
        await store.BeginRunAsync(Token);
        await store.SaveChecksAsync([Check("icmp-a"), Check("icmp-b")], Token);
        await store.SaveChecksAsync([Check("icmp-a")], Token);
        await store.AddMarkAsync(new Mark(Given.Start, MarkKind.AddressChanged, CheckId.Parse("icmp-a"), "moved"), Token);
        var samples = Given.Samples(Handle("icmp-a"), 1, 12_000)   // a day and a half
            .Select(sample => sample with { SentAtMilliseconds = Given.Start + (sample.Round * 10_000) }).ToList();
        for (var done = 0; done < samples.Count; done += 500)
        {
            await store.AppendAsync(samples[done..(done + 500)].ToArray(), Token);
            await store.AppendAsync(Given.Samples(Handle("icmp-b"), 1 + (done / 4), 125).ToArray(), Token);
        }
        await store.AppendAsync(default, Token);
        if (!isOpen)
        {
            await store.DisposeAsync();
        }
        return store;
    }

    private static Check Check(string id) =>
        new() { Id = CheckId.Parse(id), Name = id, Kind = CheckKind.Icmp, Host = "192.0.2.1" };

    private SampleStore Open(string? directory = null) => new(
        new SqliteDatabase(directory ?? Data), _catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private SeriesHandle Handle(string check) => _catalog.GetOrAdd(Given.Series(check));

    private static async Task<List<Sample>> ReadAsync(SampleStore store, string check)
    {
        var samples = new List<Sample>();
        await foreach (var batch in store.ReadAsync(Given.Series(check), long.MinValue, long.MaxValue, Token))
        {
            samples.AddRange(batch.Span);
        }
        return samples;
    }

    private static async Task AssertSoundAsync(string directory)
    {
        var verify = await CommandRun.RunAsync("store", "verify", "--data", directory);
        Assert.Equal((0, ""), (verify.Code, verify.Errors));
    }

    [Fact]
    public async Task A_password_on_the_command_line_is_refused_and_not_repeated()
    {
        var run = await CommandRun.RunAsync("store", "info", "--data", "postgres://sonde:tell-nobody@127.0.0.1:1/sonde");

        Assert.Equal(2, run.Code);
        Assert.Contains("leave the password out of the address", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("tell-nobody", run.Errors, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var run = await CommandRun.RunAsync(arguments);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private Task<string> ExportAsync() => CommandRunExportAsync(Data);

    private static Task<string> CommandRunExportAsync(string directory)
    {
        using var snapshot = StoreSnapshot.Open(new SqliteDatabase(directory));
        using var exported = new MemoryStream();
        Sonde.Cli.SampleExport.Find(snapshot, new Sonde.Cli.ExportQuery(true, long.MinValue, long.MaxValue, []))
            .Write(exported, (_, _) => { }, Token);
        return Task.FromResult(System.Text.Encoding.UTF8.GetString(exported.ToArray()));
    }

    private long Sql(string statement, string? directory = null)
    {
        using var connection = Connect(directory ?? Data);
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static string Dump(string table, string directory)
    {
        using var connection = Connect(directory);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table} ORDER BY 1, 2";
        using var rows = command.ExecuteReader();
        var text = new System.Text.StringBuilder();
        while (rows.Read())
        {
            for (var column = 0; column < rows.FieldCount; column++)
            {
                text.Append(rows.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : rows.GetValue(column)).Append('|');
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static SqliteConnection Connect(string directory)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(directory, SqliteFile.Name)};Pooling=False");
        connection.Open();
        return connection;
    }
}
