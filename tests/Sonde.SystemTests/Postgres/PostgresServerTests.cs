using Npgsql;
using Xunit;

namespace Sonde.SystemTests.Postgres;

/// <summary>The servers that the tests of the store rest on do what they are there for.</summary>
public sealed class PostgresServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_keeps_what_was_committed_through_a_crash()
    {
        await using var server = await PostgresServer.StartOrSkipAsync(Token);
        await server.ExecuteAsync("CREATE TABLE t AS SELECT 7 AS n", Token);
        Assert.Equal("on", await server.ScalarAsync("SHOW fsync", Token));

        await server.CrashAsync(Token);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => server.ScalarAsync("SELECT 1", Token));
        await server.StartAsync(Token);

        Assert.Equal(7, await server.ScalarAsync("SELECT n FROM t", Token));
        await server.StopAsync(Token);
    }

    [Fact]
    public async Task A_standby_has_what_was_acknowledged_and_takes_over()
    {
        await using var primary = await PostgresServer.StartOrSkipAsync(Token);
        await using var standby = await primary.StartStandbyAsync("second", Token);
        await primary.ReplicateSynchronouslyAsync("second", Token);
        await primary.ExecuteAsync("CREATE TABLE t AS SELECT 7 AS n", Token);

        await primary.CrashAsync(Token);
        Assert.Equal(true, await standby.ScalarAsync("SELECT pg_is_in_recovery()", Token));
        await standby.PromoteAsync(Token);

        Assert.Equal(false, await standby.ScalarAsync("SELECT pg_is_in_recovery()", Token));
        Assert.Equal(7, await standby.ScalarAsync("SELECT n FROM t", Token));
        await standby.ExecuteAsync("UPDATE t SET n = 8", Token);
    }
}
