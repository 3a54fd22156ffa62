using System.Globalization;
using Npgsql;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Postgres;

/// <summary>The partitions of the tables that grow, by the time at which a row begins. One caller at a time.</summary>
/// <remarks>
/// A new partition is a table that is then attached, which lets others read and write meanwhile; CREATE TABLE …
/// PARTITION OF would wait for everybody who reads (PostgreSQL's documentation, "Declarative Partitioning").
/// </remarks>
internal sealed class PostgresPartitions : ITimePartitions
{
    private readonly NpgsqlConnection _connection;
    private readonly PostgresQueue _queue;
    private readonly HashSet<string> _there = [];
    private readonly HashSet<string> _made = [];
    private (long From, long To) _roomFor;

    /// <summary>Learns which partitions are there, and finishes a deletion that was broken off.</summary>
    public PostgresPartitions(NpgsqlConnection connection, PostgresQueue queue)
    {
        (_connection, _queue) = (connection, queue);
        foreach (var table in PartitionSpan.Tables)
        {
            foreach (var (name, isGoing) in Find(table))
            {
                if (isGoing)
                {
                    FinishDropping(table, name);
                }
                else
                {
                    _there.Add(name);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void MakeFor(long firstMilliseconds)
    {
        if (firstMilliseconds >= _roomFor.From && firstMilliseconds < _roomFor.To)
        {
            return;
        }
        var room = (From: long.MinValue, To: long.MaxValue);
        foreach (var table in PartitionSpan.Tables)
        {
            var span = PartitionSpan.Of(table, firstMilliseconds);
            if (!_there.Contains(span.Name) && _made.Add(span.Name))
            {
                Make(table, span);
            }
            room = (Math.Max(room.From, span.From), Math.Min(room.To, span.To));
        }
        _roomFor = room;
    }

    /// <inheritdoc/>
    public void Keep()
    {
        _there.UnionWith(_made);
        _made.Clear();
    }

    /// <inheritdoc/>
    public void Forget()
    {
        _made.Clear();
        _roomFor = default;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A reading that goes on keeps what it sees; the deletion waits for it, and gives up after lock_timeout.
    /// </remarks>
    public IReadOnlyList<string> DropBefore(string table, long beforeMilliseconds)
    {
        var gone = new List<string>();
        foreach (var (name, isGoing) in Find(table))
        {
            if (isGoing)
            {
                FinishDropping(table, name);
                gone.Add(name);
                continue;
            }
            if (PartitionSpan.Parse(table, name) is not { } span || span.To > beforeMilliseconds
                || ReachesTo(span, beforeMilliseconds))
            {
                continue;
            }
            Execute($"ALTER TABLE {table} DETACH PARTITION {name} CONCURRENTLY");
            _there.Remove(name);
            _roomFor = default;
            Execute($"DROP TABLE {name}");
            gone.Add(name);
        }
        return gone;
    }

    // A reading held it up when it was to be deleted; it is empty, or of no use to anybody any more.
    private void FinishDropping(string table, string name)
    {
        Execute($"ALTER TABLE {table} DETACH PARTITION {name} FINALIZE");
        _there.Remove(name);
        _roomFor = default;
        Execute($"DROP TABLE {name}");
    }

    // A block that began in time may have gone on for long, when its check is made once a day.
    private bool ReachesTo(PartitionSpan span, long milliseconds)
    {
        using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM block WHERE first_ms >= $1 AND first_ms < $2 AND last_ms >= $3)",
            _connection);
        command.Parameters.Add(new NpgsqlParameter { Value = span.From });
        command.Parameters.Add(new NpgsqlParameter { Value = span.To });
        command.Parameters.Add(new NpgsqlParameter { Value = milliseconds });
        return (bool)command.ExecuteScalar()!;
    }

    private List<(string Name, bool IsGoing)> Find(string table)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT part.relname, inhdetachpending FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
            WHERE inhparent = $1::text::regclass ORDER BY part.relname
            """,
            _connection);
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        var found = new List<(string, bool)>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            found.Add((rows.GetString(0), rows.GetBoolean(1)));
        }
        return found;
    }

    private void Make(string table, PartitionSpan span)
    {
        var from = span.From == long.MinValue ? "MINVALUE" : span.From.ToString(CultureInfo.InvariantCulture);
        var to = span.To == long.MaxValue ? "MAXVALUE" : span.To.ToString(CultureInfo.InvariantCulture);
        _queue.Add($"DROP TABLE IF EXISTS {span.Name}", []);   // one whose deletion was broken off
        _queue.Add($"CREATE TABLE {span.Name} (LIKE {table} INCLUDING ALL)", []);
        _queue.Add($"ALTER TABLE {table} ATTACH PARTITION {span.Name} FOR VALUES FROM ({from}) TO ({to})", []);
    }

    private void Execute(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        command.ExecuteNonQuery();
    }
}
