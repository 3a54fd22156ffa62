using System.Globalization;
using Npgsql;
using Sonde.Storage.Postgres;
using Sonde.SystemTests.Executable;
using Sonde.SystemTests.Lab;
using Xunit;

namespace Sonde.SystemTests.Postgres;

/// <summary>
/// A real PostgreSQL of Debian on a free port of 127.0.0.1, with a data directory of its own and durable commits. It
/// runs as the user <c>postgres</c>, or as the test's own when that is not root.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string User = "sonde";
    public const string Password = "not-for-the-log";

    private readonly string _programs;
    private readonly string _folder;

    private PostgresServer(string programs, string folder, int port) =>
        (_programs, _folder, Port) = (programs, folder, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>What it logged, for messages.</summary>
    public string Log => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(40)) : "";

    private string Data => Path.Combine(_folder, "data");

    private string LogFile => Path.Combine(_folder, "log");

    /// <summary>Makes and starts a server with the role <see cref="User"/>, or skips the test.</summary>
    public static async Task<PostgresServer> StartOrSkipAsync(CancellationToken cancellation)
    {
        var server = Prepare(FindProgramsOrSkip());
        await server.RunAsync(
            "initdb", cancellation, "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8");
        await File.AppendAllTextAsync(Path.Combine(server.Data, "postgresql.conf"), server.Settings(), cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(server.Data, "pg_hba.conf"),
            """
            host replication postgres 127.0.0.1/32 trust
            host all postgres 127.0.0.1/32 trust
            host all all 127.0.0.1/32 scram-sha-256

            """,
            cancellation);
        await server.StartAsync(cancellation);
        await server.ExecuteAsync($"CREATE ROLE {User} LOGIN PASSWORD '{Password}'", cancellation);
        return server;
    }

    /// <summary>Makes and starts a standby of this server that streams from it.</summary>
    public async Task<PostgresServer> StartStandbyAsync(string name, CancellationToken cancellation)
    {
        var standby = Prepare(_programs);
        await RunAsync(
            "pg_basebackup", cancellation, "-h", "127.0.0.1", "-p", Text(Port), "-U", "postgres", "-D", standby.Data,
            "-R", "-X", "stream", "-c", "fast", "-d", $"application_name={name}");
        await File.AppendAllTextAsync(Path.Combine(standby.Data, "postgresql.conf"), standby.Settings(), cancellation);
        await standby.StartAsync(cancellation);
        return standby;
    }

    /// <summary>Acknowledges commits from now on only when the standby has them on its disk.</summary>
    public async Task ReplicateSynchronouslyAsync(string name, CancellationToken cancellation)
    {
        await ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'", cancellation);
        await ExecuteAsync("SELECT pg_reload_conf()", cancellation);
        await Eventually.BecomesTrueAsync(
            async () => await ScalarAsync("SELECT string_agg(sync_state, ',') FROM pg_stat_replication", cancellation)
                is "sync",
            "the standby is a synchronous one", () => Log, cancellation);
    }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public Task StartAsync(CancellationToken cancellation) => RunAsync(
        "pg_ctl", cancellation, "start", "-D", Data, "-l", LogFile, "-w", "-t", "30", "-s");

    /// <summary>Stops it: its sessions are ended, what they had committed is written.</summary>
    public Task StopAsync(CancellationToken cancellation) =>
        RunAsync("pg_ctl", cancellation, "stop", "-D", Data, "-m", "fast", "-w", "-s");

    /// <summary>Ends it at once without writing anything, as a crash does; the next start recovers from its log.</summary>
    public Task CrashAsync(CancellationToken cancellation) =>
        RunAsync("pg_ctl", cancellation, "stop", "-D", Data, "-m", "immediate", "-w", "-s");

    /// <summary>Makes a primary of the standby.</summary>
    public Task PromoteAsync(CancellationToken cancellation) =>
        RunAsync("pg_ctl", cancellation, "promote", "-D", Data, "-w", "-s");

    /// <summary>Makes an empty database that belongs to <see cref="User"/>.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellation)
    {
        var name = $"s{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} OWNER {User}", cancellation);
        return name;
    }

    /// <summary>The address of a database as sonde.yaml has it.</summary>
    public string Address(string database, string password = Password) =>
        $"postgres://{User}:{password}@127.0.0.1:{Text(Port)}/{database}";

    /// <summary>A database as the store opens it.</summary>
    public PostgresDatabase Database(string database, string password = Password) => new(
        ConnectionString(database).Replace(Password, password, StringComparison.Ordinal), Shown(database), null);

    /// <summary>The address of a database as messages show it.</summary>
    public string Shown(string database) => $"postgres://{User}@127.0.0.1:{Text(Port)}/{database}";

    /// <summary>The address of a database for Npgsql.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1:{Text(Port)};Username={User};Password={Password};Database={database}";

    /// <summary>Runs a statement as the superuser.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellation, string database = "postgres") =>
        await ScalarAsync(sql, cancellation, database);

    /// <summary>The first value of a query as the superuser; null when there is none.</summary>
    public async Task<object?> ScalarAsync(string sql, CancellationToken cancellation, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={Text(Port)};Username=postgres;Database={database};Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is { } value and not DBNull ? value : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await CrashAsync(CancellationToken.None);
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static string FindProgramsOrSkip()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order().LastOrDefault()
            : null;
        Assert.SkipUnless(installed is not null, "PostgreSQL is not installed: apt-get install postgresql");
        return installed!;
    }

    private static PostgresServer Prepare(string programs)
    {
        var folder = Directory.CreateTempSubdirectory("sonde-postgres-").FullName;
        var server = new PostgresServer(programs, folder, Nginx.FreePort());
        if (IsRoot && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);   // it is another user who writes here
        }
        return server;
    }

    private static bool IsRoot => LibC.EffectiveUser() == 0;

    private string Settings() => string.Create(
        CultureInfo.InvariantCulture, $"""

        listen_addresses = '127.0.0.1'
        port = {Port}
        unix_socket_directories = ''
        fsync = on
        synchronous_commit = on
        shared_buffers = 64MB
        max_connections = 40
        wal_level = replica
        max_wal_senders = 4
        log_min_messages = warning

        """);

    private async Task RunAsync(string program, CancellationToken cancellation, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        string[] words = IsRoot
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", path, .. arguments]
            : [path, .. arguments];
        // what pg_ctl starts keeps its streams: they must not be ours, or their end would never come
        var output = Path.Combine(_folder, $"{program}.out");
        var done = await SondeCommand.RunProgramAsync(
            "/bin/sh", ["-c", "exec \"$@\" > \"$0\" 2>&1 < /dev/null", output, .. words], _folder, cancellation);
        if (done.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} ended with {done.ExitCode}: {await File.ReadAllTextAsync(output, cancellation)}\n{Log}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
