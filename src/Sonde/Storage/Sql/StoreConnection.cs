using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>An open connection to a store's database, with the engine's dialect. One caller at a time.</summary>
internal sealed class StoreConnection(DbConnection connection, SqlDialect dialect) : IDisposable
{
    /// <summary>What this engine says differently.</summary>
    public SqlDialect Dialect => dialect;

    /// <summary>The connection itself, for what only one engine can do.</summary>
    public DbConnection Raw => connection;

    /// <summary>A statement that is prepared once; its parameters are <c>$1</c>, <c>$2</c> …</summary>
    public SqlStatement Prepare(string sql) => new(connection.CreateCommand(), dialect, sql);

    /// <summary>Runs statements without parameters or result.</summary>
    public void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The single number that a query without parameters gives.</summary>
    public long Number(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Does all of it, durably, or nothing.</summary>
    /// <exception cref="DbException">Nothing of it was done.</exception>
    public T Write<T>(Func<T> write)
    {
        Execute(dialect.BeginWriting);
        try
        {
            var result = write();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Reads in one snapshot, which lasts until the result is disposed.</summary>
    public IDisposable Snapshot()
    {
        Execute(dialect.BeginReading);
        return new OpenSnapshot(this);
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

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
