using Microsoft.Data.Sqlite;

namespace Sonde.Storage.Sqlite;

/// <summary>
/// A prepared statement with positional parameters ?1, ?2 … of whole numbers, texts and bytes. One caller at a time.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    /// <summary>Runs it.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it for its rows; the caller disposes of the reader before the next call.</summary>
    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
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
                _command.Parameters.Add(new SqliteParameter(FormattableString.Invariant($"?{place + 1}"), null));
            }
            var parameter = _command.Parameters[place];
            if (values[place] is ArraySegment<byte> bytes)
            {
                (parameter.Value, parameter.Size) = (bytes.Array, bytes.Count);
            }
            else
            {
                (parameter.Value, parameter.Size) = (values[place] ?? DBNull.Value, -1);
            }
        }
    }
}
