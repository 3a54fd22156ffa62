using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Samples;
using Sonde.Storage.Postgres;
using Sonde.Storage.Sql;
using Sonde.SystemTests.Executable;
using Sonde.Tests;
using Xunit;

namespace Sonde.SystemTests.Postgres;

/// <summary>Connections that end in the middle: nothing acknowledged is lost, nothing is there twice.</summary>
public sealed class LostConnectionTests(SharedServer servers) : IAsyncLifetime
{
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

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_appended_again_and_there_once()
    {
        await using var proxy = new CuttingProxy(_server.Port);
        var text = _server.ConnectionString(_database)
            .Replace($":{_server.Port}", $":{proxy.Port}", StringComparison.Ordinal);
        await using var store = Open(new PostgresDatabase(text, "postgres://u@proxy/s", null));
        await store.BeginRunAsync(Token);
        var samples = Given.Samples(_catalog.GetOrAdd(Given.Series("icmp-a")), 1, 5_000);

        for (var done = 0; done < samples.Count; done += 100)
        {
            var isCut = done % 1_000 == 500;
            if (isCut)
            {
                proxy.CutNextCommit();
                var lost = await Assert.ThrowsAsync<StoreUnavailableException>(
                    async () => await store.AppendAsync(samples[done..(done + 100)].ToArray(), Token));
                Assert.Contains("cannot be reached", lost.Message, StringComparison.Ordinal);
            }
            await AppendUntilTakenAsync(store, samples[done..(done + 100)].ToArray());
        }

        Assert.Equal(5, proxy.Cuts);
        Assert.Equal(samples, await ReadAsync(store));
    }

    [Fact]
    public async Task A_session_that_the_server_ends_at_any_moment_costs_nothing()
    {
        await using var store = Open(_server.Database(_database));
        await store.BeginRunAsync(Token);
        var samples = Given.Samples(_catalog.GetOrAdd(Given.Series("icmp-a")), 1, 20_000);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var killing = KillAsync(ending.Token);

        for (var done = 0; done < samples.Count; done += 50)
        {
            await AppendUntilTakenAsync(store, samples[done..(done + 50)].ToArray());
        }
        await ending.CancelAsync();
        var kills = await killing;

        Assert.True(kills > 0, "no session was ended");
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                try
                {
                    return samples.SequenceEqual(await ReadAsync(store));
                }
                catch (StoreUnavailableException)
                {
                    return false;   // the last one that was ended
                }
            },
            "all samples once", null, Token);
    }

    [Fact]
    public async Task The_writer_waits_for_its_former_session_and_then_goes_on()
    {
        await using var store = Open(_server.Database(_database));
        await store.BeginRunAsync(Token);
        await _server.ExecuteAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}'", Token);
        await using var other = new Npgsql.NpgsqlConnection(_server.ConnectionString(_database) + ";Pooling=false");
        await other.OpenAsync(Token);
        await using (var command = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(1397706308, 1)", other))
        {
            await command.ExecuteNonQueryAsync(Token);
        }
        Sample[] batch = [Given.Sample(_catalog.GetOrAdd(Given.Series("icmp-a")), 1)];

        // the first failure is the lost connection's; then the lock is held by another one
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(batch, Token));
        var waits = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(batch, Token));
        await other.CloseAsync();
        await AppendUntilTakenAsync(store, batch);

        Assert.Contains("Another session still writes", waits.Message, StringComparison.Ordinal);
        Assert.Equal(batch, await ReadAsync(store));
    }

    private async Task<int> KillAsync(CancellationToken cancellation)
    {
        var kills = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var killed = await _server.ScalarAsync(
                $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{_database}'", Token);
            kills += (int)(long)killed!;
            await Task.WhenAny(Task.Delay(300, CancellationToken.None), Task.Delay(-1, cancellation));
        }
        return kills;
    }

    private static Task AppendUntilTakenAsync(SampleStore store, Sample[] batch) => Eventually.BecomesTrueAsync(
        async () =>
        {
            try
            {
                await store.AppendAsync(batch, Token);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        },
        "the store takes a batch", null, Token);

    private static async Task<List<Sample>> ReadAsync(SampleStore store)
    {
        var samples = new List<Sample>();
        await foreach (var batch in store.ReadAsync(Given.Series("icmp-a"), long.MinValue, long.MaxValue, Token))
        {
            samples.AddRange(batch.Span);
        }
        return samples;
    }

    private SampleStore Open(PostgresDatabase database) =>
        new(database, _catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);
}
