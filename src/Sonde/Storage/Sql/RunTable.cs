using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>The table <c>run</c>: which runs there were, so that no round number comes twice.</summary>
internal sealed class RunTable : IDisposable
{
    private readonly StoreConnection _connection;
    private readonly SqlStatement _insert;
    private long _last;
    private long _saved;

    public RunTable(StoreConnection connection)
    {
        _connection = connection;
        _insert = connection.Prepare(
            "INSERT INTO run (number, began_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        using var last = connection.Prepare("SELECT COALESCE(MAX(number), 0) FROM run");
        using var rows = last.Query();
        rows.Read();
        _last = _saved = rows.GetInt64(0);
    }

    /// <summary>Stores the next run; durable when it returns.</summary>
    /// <returns>Its number.</returns>
    public long Begin(long nowMilliseconds)
    {
        if (_last >= RunNumber.Max)
        {
            throw new StoreRefusedException("The store's run numbers are used up: begin a new one with --data DIR.");
        }
        _insert.Execute(_last + 1, nowMilliseconds);
        return _saved = ++_last;
    }

    /// <summary>
    /// Goes on with a run that began in this store, or in one that was in its place; durable when it returns.
    /// </summary>
    /// <returns>Its number here: a new one when this store counts another run under its own.</returns>
    public long Resume(long number, long beganMilliseconds)
    {
        if (BeganAt(number) == beganMilliseconds)
        {
            return number;
        }
        if (number <= _last)
        {
            return Begin(beganMilliseconds);
        }
        _insert.Execute(number, beganMilliseconds);
        return _saved = _last = number;
    }

    /// <summary>
    /// Notes a run that began while the store could not say its number; durable with the transaction.
    /// </summary>
    public void NoteRunOf(ReadOnlySpan<Sample> batch)
    {
        foreach (ref readonly var sample in batch)
        {
            if (RunNumber.Of(sample.Round) > _last)
            {
                _last = RunNumber.Of(sample.Round);
                _insert.Execute(_last, sample.SentAtMilliseconds);
            }
        }
    }

    /// <summary>The transaction is durable.</summary>
    public void Save() => _saved = _last;

    /// <summary>The transaction failed.</summary>
    public void Forget() => _last = _saved;

    /// <inheritdoc/>
    public void Dispose() => _insert.Dispose();

    private long? BeganAt(long number)
    {
        using var find = _connection.Prepare("SELECT began_ms FROM run WHERE number = $1");
        using var rows = find.Query(number);
        return rows.Read() ? rows.GetInt64(0) : null;
    }
}
