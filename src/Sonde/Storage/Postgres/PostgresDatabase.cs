using System.Data.Common;
using System.Diagnostics;
using Npgsql;
using Sonde.Samples;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Postgres;

/// <summary>A PostgreSQL database, in the schema <c>sonde</c>, which one process at a time may write.</summary>
internal sealed class PostgresDatabase : IStoreDatabase
{
    private const int OldestMajor = 14;   // DETACH PARTITION … CONCURRENTLY

    // While the server is away, everybody who asks in this time gets the answer of who asked first.
    private static readonly TimeSpan ForgetFaultAfter = TimeSpan.FromMilliseconds(900);

    private readonly NpgsqlDataSource _source;
    private readonly string _shown;
    private readonly string? _spoolDirectory;
    private StoreDirectory? _directory;
    private bool _wasWriter;
    private volatile UnreachedServer? _unreached;

    /// <param name="connectionString">Host, database, user and more as Npgsql names them; secret.</param>
    /// <param name="shown">The address without its password, for messages.</param>
    /// <param name="spoolDirectory">
    /// Where the writer's spool lies, which no other process may use meanwhile; null = only read.
    /// </param>
    public PostgresDatabase(string connectionString, string shown, string? spoolDirectory)
    {
        (_shown, _spoolDirectory) = (shown, spoolDirectory);
        _source = PostgresSource.Make(connectionString);
    }

    /// <inheritdoc/>
    public bool IsRemote => true;

    /// <inheritdoc/>
    public bool IsInPlace => true;   // a connection ends when its database goes

    /// <inheritdoc/>
    public StoreConnection OpenForWriting()
    {
        TakeSpool();
        var connection = Open();
        try
        {
            WriterLock.Take(connection, _shown, isFirst: !_wasWriter);
            CommitDurably(connection);
            PostgresSchema.Migrate(connection, _shown);
            var queue = new PostgresQueue(connection);
            var partitions = new PostgresPartitions(connection, queue);
            _wasWriter = true;
            return new StoreConnection(connection, PostgresDialect.Instance, queue, partitions);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public StoreConnection OpenForReading()
    {
        var connection = Open();
        try
        {
            return PostgresSchema.Check(connection, _shown) > 0
                ? new StoreConnection(connection, PostgresDialect.Instance)
                : throw new FileNotFoundException(
                    $"There is no store in {_shown}: 'sonde run' has not stored anything there.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string LetGo() => throw new InvalidOperationException("A database is always in its place.");

    /// <inheritdoc/>
    public StoreUnavailableException Explain(DbException fault) =>
        PostgresFault.Explain((NpgsqlException)fault, _shown);

    /// <inheritdoc/>
    public bool IsPassing(DbException fault) => PostgresFault.IsPassing((NpgsqlException)fault);

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _directory?.Dispose();
        _directory = null;
    }

    // Two runs with different databases and one spool would store each other's samples.
    private void TakeSpool()
    {
        if (_spoolDirectory is null || _directory is { IsInPlace: true })
        {
            return;
        }
        _directory?.Dispose();
        _directory = null;
        try
        {
            _directory = StoreDirectory.Take(_spoolDirectory);
        }
        catch (StoreUnavailableException)
        {
            // It cannot be written: then nobody has a spool in it, and the samples go to the server all the same.
        }
    }

    private NpgsqlConnection Open()
    {
        if (_unreached is { } unreached && Stopwatch.GetElapsedTime(unreached.At) < ForgetFaultAfter)
        {
            throw PostgresFault.Explain(unreached.Fault, _shown);
        }
        var connection = _source.CreateConnection();
        try
        {
            connection.Open();
            _unreached = null;
            ThrowIfUnfit(connection);
            return connection;
        }
        catch (Exception error)
        {
            if (error is NpgsqlException fault)
            {
                _unreached = new UnreachedServer(fault, Stopwatch.GetTimestamp());
            }
            connection.Dispose();
            throw;
        }
    }

    // Where the role or the server is set to acknowledge what is not on disk yet, this session is not.
    private static void CommitDurably(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
            connection);
        command.ExecuteNonQuery();
    }

    private void ThrowIfUnfit(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < OldestMajor)
        {
            throw new StoreRefusedException(
                $"{_shown} is PostgreSQL {connection.PostgreSqlVersion}: Sonde needs {OldestMajor} or newer.");
        }
        using var command = new NpgsqlCommand(
            "SELECT pg_is_in_recovery(), current_setting('server_encoding')", connection);
        using var row = command.ExecuteReader();
        row.Read();
        if (row.GetBoolean(0))
        {
            throw new StoreUnavailableException(
                $"{_shown} is a standby, which takes no writes: name the primary in 'storage', or all servers with "
                + "commas between.");
        }
        if (row.GetString(1) != "UTF8")
        {
            throw new StoreRefusedException(
                $"{_shown} keeps its texts as {row.GetString(1)}: make the database with the encoding UTF8.");
        }
    }

    private sealed record UnreachedServer(NpgsqlException Fault, long At);
}
