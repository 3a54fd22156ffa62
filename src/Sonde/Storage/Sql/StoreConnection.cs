using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>An open connection to a store's database, with the engine's dialect. One caller at a time.</summary>
/// <param name="connection">The connection.</param>
/// <param name="dialect">What this engine says differently.</param>
/// <param name="queue">Gathers the statements of a transaction where each has a long way; null = none.</param>
/// <param name="partitions">The parts by time that tables have; null = they have none.</param>
internal sealed class StoreConnection(
    DbConnection connection, SqlDialect dialect, IStatementQueue? queue = null, ITimePartitions? partitions = null)
    : IDisposable
{
    private readonly Dictionary<string, SqlStatement> _kept = [];
    private bool _isGathering;

    /// <summary>What this engine says differently.</summary>
    public SqlDialect Dialect => dialect;

    /// <summary>The connection itself, for what only one engine can do.</summary>
    public DbConnection Raw => connection;

    /// <summary>The parts by time that tables have; null = they have none.</summary>
    public ITimePartitions? Partitions => partitions;

    /// <summary>Where statements go now instead of to the engine; null = to the engine.</summary>
    public IStatementQueue? Gathering => _isGathering ? queue : null;

    /// <summary>A statement that is prepared once; its parameters are <c>$1</c>, <c>$2</c> …</summary>
    public SqlStatement Prepare(string sql) => new(connection.CreateCommand(), this, sql);

    /// <summary>
    /// A statement that is prepared once in the life of the connection, which disposes of it: one reading of it at a
    /// time.
    /// </summary>
    public SqlStatement Keep(string sql) =>
        _kept.TryGetValue(sql, out var known) ? known : _kept[sql] = Prepare(sql);

    /// <summary>Runs statements without parameters or result.</summary>
    public void Execute(string sql)
    {
        if (Gathering is { } gathering)
        {
            gathering.Add(sql, []);
            return;
        }
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The single number that a query without parameters gives.</summary>
    public long Number(string sql)
    {
        Gathering?.Send();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Does all of it, durably, or nothing.</summary>
    /// <exception cref="DbException">Nothing of it was done.</exception>
    public T Write<T>(Func<T> write)
    {
        _isGathering = true;
        try
        {
            Execute(dialect.BeginWriting);
            var result = write();
            Execute("COMMIT");
            queue?.Send();
            partitions?.Keep();
            return result;
        }
        catch
        {
            _isGathering = false;
            queue?.Clear();
            partitions?.Forget();
            Rollback();
            throw;
        }
        finally
        {
            _isGathering = false;
        }
    }

    /// <summary>Reads in one snapshot, which lasts until the result is disposed.</summary>
    public IDisposable Snapshot()
    {
        Execute(dialect.BeginReading);
        return new OpenSnapshot(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _kept.Values)
        {
            statement.Dispose();
        }
        connection.Dispose();
    }

    private void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // The engine has rolled back by itself (sqlite.org/lang_transaction.html), or the connection is gone, and
            // the transaction with it.
        }
    }

    private sealed class OpenSnapshot(StoreConnection connection) : IDisposable
    {
        public void Dispose() => connection.Rollback();
    }
}
