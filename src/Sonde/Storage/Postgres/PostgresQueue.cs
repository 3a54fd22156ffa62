using System.Numerics;
using Npgsql;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Postgres;

/// <summary>Gathers the statements of a transaction into one message to the server. One caller at a time.</summary>
internal sealed class PostgresQueue(NpgsqlConnection connection) : IStatementQueue
{
    // What gathers in memory has a bound; a long transaction goes in several messages.
    private const int MostStatements = 1_000;
    private const int MostBytes = 8 << 20;

    private readonly List<NpgsqlBatchCommand> _waiting = [];
    private long _bytes;

    /// <inheritdoc/>
    public void Add(string sql, ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = Copy(value) });
        }
        _waiting.Add(command);
        if (_waiting.Count >= MostStatements || _bytes >= MostBytes)
        {
            Send();
        }
    }

    /// <inheritdoc/>
    public void Send()
    {
        if (_waiting.Count == 0)
        {
            return;
        }
        using var batch = new NpgsqlBatch(connection);
        foreach (var command in _waiting)
        {
            batch.BatchCommands.Add(command);
        }
        Clear();
        batch.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _waiting.Clear();
        _bytes = 0;
    }

    private object Copy(object? value)
    {
        switch (value)
        {
            case ArraySegment<byte> bytes:
                _bytes += bytes.Count;
                return bytes.ToArray();
            case Int128 whole:
                return (BigInteger)whole;
            default:
                return value ?? DBNull.Value;
        }
    }
}
