using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>
/// A prepared statement with positional parameters $1, $2 … of whole numbers, texts and bytes. One caller at a time.
/// </summary>
internal sealed class SqlStatement : IDisposable
{
    private readonly DbCommand _command;
    private readonly StoreConnection _connection;

    public SqlStatement(DbCommand command, StoreConnection connection, string sql)
    {
        (_command, _connection) = (command, connection);
        _command.CommandText = sql;
    }

    /// <summary>
    /// Runs it, within <see cref="StoreConnection.Write"/> perhaps later: before the next query or the end of that.
    /// </summary>
    public void Execute(params ReadOnlySpan<object?> values)
    {
        if (_connection.Gathering is { } queue)
        {
            queue.Add(_command.CommandText, values);
            return;
        }
        Bind(values);
        _command.ExecuteNonQuery();
    }

    /// <summary>Runs it for its rows; the caller disposes of the reader before the next call.</summary>
    public DbDataReader Query(params ReadOnlySpan<object?> values)
    {
        _connection.Gathering?.Send();
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var place = 0; place < values.Length; place++)
        {
            if (place == _command.Parameters.Count)
            {
                var added = _command.CreateParameter();
                added.ParameterName = _connection.Dialect.ParameterName(place + 1);
                _command.Parameters.Add(added);
            }
            var parameter = _command.Parameters[place];
            (parameter.Value, parameter.Size) = values[place] switch
            {
                ArraySegment<byte> bytes => (bytes.Array, bytes.Count),
                Int128 whole => (_connection.Dialect.ToValue(whole), -1),
                null => (DBNull.Value, -1),
                var other => (other, -1),
            };
        }
    }
}
