using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sonde.Samples;
using Sonde.Storage.Postgres;
using Sonde.Storage.Sql;
using Sonde.SystemTests.Executable;
using Sonde.Tests;
using Xunit;

namespace Sonde.SystemTests.Postgres;

/// <summary>What PostgreSQL cannot do is said in a sentence, without the password, and what to do about it.</summary>
public sealed class PostgresFaultTests(SharedServer servers) : IAsyncLifetime
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
    public async Task A_wrong_password() => await AssertUnavailableAsync(
        _server.Database(_database, "wrong"),
        $"{_server.Shown(_database)} refuses the password: correct it in 'storage', or set it with ALTER ROLE … PASSWORD.");

    [Fact]
    public async Task No_password() => await AssertUnavailableAsync(
        new PostgresDatabase(
            $"Host=127.0.0.1:{_server.Port};Username=sonde;Database={_database}", _server.Shown(_database), null),
        $"{_server.Shown(_database)} wants a password: write it into 'storage', or into PGPASSWORD or ~/.pgpass of the user "
        + "who runs Sonde.");

    [Fact]
    public async Task No_such_role() => await AssertUnavailableAsync(
        new PostgresDatabase(
            $"Host=127.0.0.1:{_server.Port};Username=nobody;Password=x;Database={_database}", "postgres://nobody@h/s", null),
        "postgres://nobody@h/s refuses the password: correct it in 'storage', or set it with ALTER ROLE … PASSWORD.");

    [Fact]
    public async Task No_such_database() => await AssertUnavailableAsync(
        _server.Database("nosuch"),
        $"{_server.Shown("nosuch")} names a database that is not there: make it with createdb.");

    [Fact]
    public async Task No_permission()
    {
        await _server.ExecuteAsync($"ALTER DATABASE {_database} OWNER TO postgres", Token);

        await AssertUnavailableAsync(
            _server.Database(_database),
            $"{_server.Shown(_database)} permits this user too little (permission denied for database {_database}): give "
            + "the database to it with ALTER DATABASE … OWNER TO.");
    }

    [Fact]
    public async Task No_server()
    {
        var port = Nginx.FreePort();

        await AssertUnavailableAsync(
            new PostgresDatabase($"Host=127.0.0.1:{port};Username=u;Password=x;Database=s", "postgres://u@h/s", null),
            "postgres://u@h/s cannot be reached (Connection refused): start the server, or correct host and port in 'storage'.");
    }

    [Fact]
    public async Task None_of_several_servers()
    {
        var (first, second) = (Nginx.FreePort(), Nginx.FreePort());

        await AssertUnavailableAsync(
            new PostgresDatabase(
                $"Host=127.0.0.1:{first},127.0.0.1:{second};Username=u;Password=x;Database=s", "postgres://u@a,b/s", null),
            "postgres://u@a,b/s cannot be reached (Connection refused): start the server, or correct host and port in "
            + "'storage'.");
    }

    [Fact]
    public async Task A_wrong_password_of_several_servers()
    {
        var text = _server.ConnectionString(_database)
            .Replace("Host=", $"Host=127.0.0.1:{Nginx.FreePort()},", StringComparison.Ordinal)
            .Replace(PostgresServer.Password, "wrong", StringComparison.Ordinal);

        await AssertUnavailableAsync(
            new PostgresDatabase(text, "postgres://u@a,b/s", null), "postgres://u@a,b/s refuses the password: correct it");
    }

    [Fact]
    public async Task A_name_that_nobody_resolves() => await AssertUnavailableAsync(
        new PostgresDatabase("Host=nosuch.invalid:5432;Username=u;Password=x;Database=s", "postgres://u@nosuch.invalid/s", null),
        "postgres://u@nosuch.invalid/s cannot be reached (");

    [Fact]
    public async Task Another_encoding_than_UTF8()
    {
        var name = $"l{Guid.NewGuid():N}";
        await _server.ExecuteAsync(
            $"CREATE DATABASE {name} OWNER sonde ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0", Token);

        await AssertRefusedAsync(
            _server.Database(name),
            $"{_server.Shown(name)} keeps its texts as SQL_ASCII: make the database with the encoding UTF8.");
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_left_as_it_is()
    {
        await using (var store = Open(_server.Database(_database)))
        {
            await store.BeginRunAsync(Token);
        }
        await _server.ExecuteAsync("UPDATE sonde.version SET number = 99", Token, _database);

        await AssertRefusedAsync(
            _server.Database(_database),
            $"{_server.Shown(_database)} was written by a newer sonde (store version 99, this one knows up to "
            + $"{PostgresSchema.Version}): use that, or another database.");
        Assert.Equal(99, await _server.ScalarAsync("SELECT number FROM sonde.version", Token, _database));
    }

    [Fact]
    public async Task A_schema_of_another_program_is_left_as_it_is()
    {
        await _server.ExecuteAsync("CREATE SCHEMA sonde CREATE TABLE recipe (id integer)", Token, _database);
        await _server.ExecuteAsync("GRANT ALL ON SCHEMA sonde TO sonde", Token, _database);

        await AssertRefusedAsync(
            _server.Database(_database),
            $"The schema sonde of {_server.Shown(_database)} is another program's: give Sonde a database of its own.");
    }

    [Fact]
    public async Task An_empty_schema_that_somebody_made_for_us_is_used()
    {
        await _server.ExecuteAsync($"ALTER DATABASE {_database} OWNER TO postgres", Token);
        await _server.ExecuteAsync("CREATE SCHEMA sonde AUTHORIZATION sonde", Token, _database);
        await using var store = Open(_server.Database(_database));

        Assert.Equal(1L << 32, await store.BeginRunAsync(Token));
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_told_where_the_first_one_is()
    {
        await using var first = Open(_server.Database(_database));
        await first.BeginRunAsync(Token);
        await using var second = Open(_server.Database(_database));

        var refused = await Assert.ThrowsAsync<StoreRefusedException>(async () => await second.BeginRunAsync(Token));

        Assert.StartsWith(
            $"Another sonde process writes {_server.Shown(_database)} (from 127.0.0.1, since 20", refused.Message,
            StringComparison.Ordinal);
        await first.AppendAsync(Batch(1), Token);
    }

    [Fact]
    public async Task Two_with_different_databases_but_one_spool_are_refused()
    {
        using var folder = new WorkFolder();
        var other = await _server.CreateDatabaseAsync(Token);
        await using var first = Open(new PostgresDatabase(_server.ConnectionString(_database), "a", folder.Data));
        await first.BeginRunAsync(Token);

        await AssertRefusedAsync(
            new PostgresDatabase(_server.ConnectionString(other), "b", folder.Data),
            $"Another sonde process uses the data directory {folder.Data}.");
    }

    [Fact]
    public async Task There_is_nothing_to_read_in_an_empty_database()
    {
        var error = await Assert.ThrowsAsync<FileNotFoundException>(
            () => Task.Run(() => StoreSnapshot.Open(_server.Database(_database)), Token));

        Assert.StartsWith($"There is no store in {_server.Shown(_database)}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_calls_full_or_locked_passes_and_the_session_goes_on()
    {
        await using var store = Open(_server.Database(_database));
        await store.AppendAsync(Batch(1), Token);
        var session = await SessionsAsync();
        await using var connection = new NpgsqlConnection(_server.ConnectionString(_database) + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using (var locking = await connection.BeginTransactionAsync(Token))
        {
            await using var command = new NpgsqlCommand("LOCK TABLE sonde.journal", connection);
            await command.ExecuteNonQueryAsync(Token);
            var held = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.AppendAsync(Batch(2), Token));
            Assert.Contains("is held up by another session's lock", held.Message, StringComparison.Ordinal);
        }

        await store.AppendAsync(Batch(2), Token);

        Assert.Equal(session, await SessionsAsync());
    }

    private async Task<object?> SessionsAsync() => await _server.ScalarAsync(
        $"SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE datname = '{_database}' AND application_name = 'sonde'",
        Token);

    private async Task AssertUnavailableAsync(PostgresDatabase database, string message)
    {
        await using var store = Open(database);
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.BeginRunAsync(Token));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, error.ToString(), StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(PostgresDatabase database, string message)
    {
        await using var store = Open(database);
        var error = await Assert.ThrowsAsync<StoreRefusedException>(async () => await store.BeginRunAsync(Token));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private SampleStore Open(PostgresDatabase database) =>
        new(database, _catalog, TimeProvider.System, NullLogger<SampleStore>.Instance);

    private Sample[] Batch(long round) => [Given.Sample(_catalog.GetOrAdd(Given.Series("icmp-a")), round)];
}
