using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Postgres;
using Sonde.Storage.Sql;
using Sonde.Tests;
using Xunit;

namespace Sonde.SystemTests.Postgres;

/// <summary>Blocks lie in partitions by time, which are made as needed and dropped whole.</summary>
public sealed class PostgresPartitionTests(SharedServer servers) : IAsyncLifetime
{
    private const long Day = 86_400_000;
    private const long Week = 7 * Day;

    private readonly SeriesCatalog _catalog = new();
    private PostgresServer _server = null!;
    private string _database = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await servers.GetOrSkipAsync(Token);
        _database = await _server.CreateDatabaseAsync(Token);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("block", "2026-01-01T00:00:00Z", "block_2026", "2026-01-01", "2027-01-01")]
    [InlineData("block", "2025-12-31T23:59:59.999Z", "block_2025", "2025-01-01", "2026-01-01")]
    [InlineData("block_bytes", "2026-01-05T00:00:00Z", "block_bytes_20260105", "2026-01-05", "2026-01-12")]
    [InlineData("block_bytes", "2026-01-04T23:59:59.999Z", "block_bytes_20251229", "2025-12-29", "2026-01-05")]
    [InlineData("block", "2000-01-03T00:00:00Z", "block_2000", "2000-01-03", "2001-01-01")]
    [InlineData("block", "2100-01-03T00:00:00Z", "block_2100", "2100-01-01", "2100-01-04")]
    [InlineData("block_bytes", "2100-01-03T00:00:00Z", "block_bytes_20991228", "2099-12-28", "2100-01-04")]
    public void A_time_has_its_partition(string table, string at, string name, string from, string to)
    {
        var span = PartitionSpan.Of(table, Milliseconds(at));

        Assert.Equal(new PartitionSpan(name, Milliseconds(from), Milliseconds(to)), span);
        Assert.Equal(span, PartitionSpan.Parse(table, name));
    }

    [Theory]
    [InlineData(long.MinValue, "block_before_2000")]
    [InlineData(0, "block_before_2000")]
    [InlineData(long.MaxValue, "block_from_2100")]
    public void A_clock_that_was_wrong_makes_no_partitions_of_its_own(long at, string name)
    {
        Assert.Equal(name, PartitionSpan.Of("block", at).Name);
        Assert.Equal(name, PartitionSpan.Parse("block", name)!.Value.Name);
    }

    [Theory]
    [InlineData("block_old")]
    [InlineData("block_bytes_20260101")]
    [InlineData("b")]
    public void Another_table_is_none_of_ours(string name)
    {
        Assert.Null(PartitionSpan.Parse("block", name));
        Assert.Null(PartitionSpan.Parse("block_bytes", name));
    }

    [Fact]
    public async Task Old_data_makes_its_partitions_and_is_read_with_the_rest()
    {
        await using var store = Open();
        var samples = Days(0, 900, 6_000);   // from 2026 back to 2023

        await store.AppendAsync(samples[3_000..].ToArray(), Token);
        await store.AppendAsync(samples[..3_000].ToArray(), Token);
        await store.AppendAsync(samples[..10].ToArray(), Token);   // a full series is sealed with the next append

        Assert.Equal(samples, await ReadAsync(store));
        Assert.Equal(["block_2023", "block_2024", "block_2025"], await PartitionsAsync("block"));
        Assert.True((await PartitionsAsync("block_bytes")).Count > 5);
    }

    [Fact]
    public async Task A_transaction_that_fails_leaves_no_partition_and_the_next_one_makes_it()
    {
        using var database = _server.Database(_database);
        using var connection = database.OpenForWriting();
        var samples = Days(1, 1, 10);

        Assert.ThrowsAny<DbException>(() => connection.Write(() =>
        {
            Append(connection, 1, samples);
            connection.Execute("SELECT 1 / 0");
            return true;
        }));
        Assert.Empty(await PartitionsAsync("block_bytes"));
        connection.Write(() =>
        {
            Append(connection, 1, samples);
            return true;
        });

        Assert.Equal(["block_bytes_20251229"], await PartitionsAsync("block_bytes"));
    }

    [Fact]
    public async Task Partitions_that_end_before_a_time_are_dropped_and_made_again_when_needed()
    {
        using var database = _server.Database(_database);
        using var connection = database.OpenForWriting();
        Write(connection, 1, 0);
        Write(connection, 2, 1);
        Write(connection, 3, 2);
        var second = Milliseconds("2026-01-12");

        var gone = connection.Partitions!.DropBefore("block_bytes", second + Week - 1);

        Assert.Equal(["block_bytes_20260105"], gone);
        Assert.Equal(["block_bytes_20260112", "block_bytes_20260119"], await PartitionsAsync("block_bytes"));
        Assert.Equal(["block_2026"], await PartitionsAsync("block"));
        Write(connection, 4, 0);
        Assert.Equal(1L, await _server.ScalarAsync("SELECT count(*) FROM sonde.block_bytes_20260105", Token, _database));
    }

    [Fact]
    public async Task A_partition_with_a_block_that_goes_on_later_stays()
    {
        using var database = _server.Database(_database);
        using var connection = database.OpenForWriting();
        Write(connection, 1, 0);
        connection.Execute(FormattableString.Invariant(
            $"UPDATE block SET last_ms = {Milliseconds("2026-03-01")}"));   // a clock that was stepped

        Assert.Empty(connection.Partitions!.DropBefore("block_bytes", Milliseconds("2026-02-15")));
        Assert.Single(connection.Partitions!.DropBefore("block_bytes", Milliseconds("2026-04-15")));
        Assert.Empty(await PartitionsAsync("block_bytes"));
    }

    [Fact]
    public async Task A_deletion_that_was_broken_off_is_finished_at_the_next_start()
    {
        using (var database = _server.Database(_database))
        using (var connection = database.OpenForWriting())
        {
            Write(connection, 1, 0);
        }
        await _server.ExecuteAsync(
            "ALTER TABLE sonde.block_bytes DETACH PARTITION sonde.block_bytes_20260105", Token, _database);

        using var again = _server.Database(_database);
        using var writing = again.OpenForWriting();
        Write(writing, 2, 0);

        Assert.Equal(1L, await _server.ScalarAsync("SELECT count(*) FROM sonde.block_bytes", Token, _database));
    }

    [Fact]
    public async Task A_new_partition_does_not_wait_for_who_reads()
    {
        await using var store = Open();
        await store.AppendAsync(Days(1, 1, 1_200).ToArray(), Token);
        await store.AppendAsync(Days(1, 1, 1).ToArray(), Token);
        using var reader = _server.Database(_database);
        using var reading = reader.OpenForReading();
        using var snapshot = reading.Snapshot();
        var blocks = reading.Number("SELECT count(*) FROM block");
        Assert.NotEqual(0, blocks);

        await store.AppendAsync(Days(60, 1, 3_000, firstRound: 10_000).ToArray(), Token);
        await store.AppendAsync(Days(60, 1, 1, firstRound: 10_000).ToArray(), Token);

        Assert.Equal(blocks, reading.Number("SELECT count(*) FROM block"));
        Assert.NotEqual(blocks, await _server.ScalarAsync("SELECT count(*) FROM sonde.block", Token, _database));
        Assert.Equal(2, (await PartitionsAsync("block_bytes")).Count);
    }

    private void Write(StoreConnection connection, int series, int week) => connection.Write(() =>
    {
        Append(connection, series, Days(4 + (7 * week), 1, 10));
        return true;
    });

    private static void Append(StoreConnection connection, int number, List<Sample> samples)
    {
        using var days = new DayTable(connection);
        using var space = new SpaceTable(connection);
        using var blocks = new BlockTable(connection, days, space);
        var series = new StoredSeries(
            number, Given.Series("icmp-a"), new ReadableSeries(number, SampleIdentity.BeforeAll, 0, IsStepped: false));
        blocks.Append(series, CollectionsMarshal.AsSpan(samples));
    }

    /// <summary>Samples over some days that end on that day of 2026, from 0 on, evenly.</summary>
    private List<Sample> Days(int lastDay, int days, int count, long firstRound = 1)
    {
        var series = _catalog.GetOrAdd(Given.Series("icmp-a"));
        var from = Given.Start + ((lastDay - days + 1) * Day);
        return
        [
            .. Enumerable.Range(0, count).Select(n => Given.Sample(series, firstRound + n) with
            {
                SentAtMilliseconds = from + (days * Day / count * n),
            }),
        ];
    }

    private async Task<List<string>> PartitionsAsync(string table) =>
    [
        .. ((string?)await _server.ScalarAsync(
            $"SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid "
            + $"WHERE inhparent = 'sonde.{table}'::regclass",
            Token, _database) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
    ];

    private static async Task<List<Sample>> ReadAsync(SampleStore store)
    {
        var samples = new List<Sample>();
        await foreach (var batch in store.ReadAsync(Given.Series("icmp-a"), long.MinValue, long.MaxValue, Token))
        {
            samples.AddRange(batch.Span);
        }
        return samples;
    }

    private SampleStore Open() =>
        new(_server.Database(_database), _catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private static long Milliseconds(string time) => DateTimeOffset.Parse(
        time, System.Globalization.CultureInfo.InvariantCulture,
        System.Globalization.DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
}
