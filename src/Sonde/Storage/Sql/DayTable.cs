namespace Sonde.Storage.Sql;

/// <summary>
/// Writes the table <c>day</c>: the summary of a UTC day of a series, with a window for each of its hours, so that a
/// chart of a year reads hundreds of rows instead of tens of thousands. A row is there only while it is true: what
/// changes a block of a day deletes the day's row, and <see cref="MakeDue"/> makes it anew. One caller at a time.
/// </summary>
internal sealed class DayTable : IDisposable
{
    /// <summary>A UTC day.</summary>
    public const long DayMilliseconds = 24 * HourMilliseconds;

    /// <summary>An hour.</summary>
    public const long HourMilliseconds = 3_600_000;

    // A row for fewer blocks would save nothing.
    internal const int FewestBlocks = 8;

    // A block that is longer belongs to a series that has few blocks a day.
    internal const long LongestBlock = DayMilliseconds / FewestBlocks;

    // A day of a series that has fallen silent is summarized after this.
    private const long PatienceMilliseconds = 2 * HourMilliseconds;

    private readonly StoreConnection _connection;
    private readonly SqlStatement _delete;
    private readonly SqlStatement _insert;
    private readonly SqlStatement _noteDue;
    private readonly SqlStatement _dropDue;
    private readonly Dictionary<Due, long> _due = [];
    private readonly Queue<Due> _line = new();
    private readonly List<Due> _noted = [];
    private readonly List<Due> _made = [];

    public DayTable(StoreConnection connection)
    {
        _connection = connection;
        _delete = connection.Prepare("DELETE FROM day WHERE series_id = $1 AND day_ms >= $2 AND day_ms <= $3");
        _insert = connection.Prepare(
            $"""
            INSERT INTO day (series_id, {SummaryColumns.Names}, day_ms, hours)
            VALUES ($1, {SummaryColumns.ParametersFrom2}, $22, $23)
            """);
        _noteDue = connection.Prepare(
            "INSERT INTO day_due (series_id, day_ms) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        _dropDue = connection.Prepare("DELETE FROM day_due WHERE series_id = $1 AND day_ms = $2");
    }

    /// <summary>Reads which days are due; once, before all else.</summary>
    public void Load(long nowMilliseconds)
    {
        using var statement = _connection.Prepare("SELECT series_id, day_ms FROM day_due ORDER BY day_ms, series_id");
        using var rows = statement.Query();
        while (rows.Read())
        {
            Add(new Due(rows.GetInt32(0), rows.GetInt64(1)), nowMilliseconds);
        }
    }

    /// <summary>A block with samples of these times was written: its days are due.</summary>
    public void BlockWritten(StoredSeries series, long earliestMilliseconds, long latestMilliseconds)
    {
        var (first, last) = (DayOf(earliestMilliseconds), DayOf(latestMilliseconds));
        if (latestMilliseconds - earliestMilliseconds > LongestBlock)
        {
            _delete.Execute(series.Id, first, last);
            return;
        }
        for (var day = first; day <= last; day += DayMilliseconds)
        {
            var due = new Due(series.Id, day);
            if (_due.TryAdd(due, long.MaxValue))
            {
                _delete.Execute(series.Id, day, day);
                _noteDue.Execute(series.Id, day);
                _noted.Add(due);
            }
        }
    }

    /// <summary>Summarizes days that are over, a few at a time.</summary>
    /// <param name="most">The most days.</param>
    /// <param name="find">The series of a number; null when it is gone.</param>
    /// <param name="nowMilliseconds">Now.</param>
    /// <returns>True when some were.</returns>
    public bool MakeDue(int most, Func<int, StoredSeries?> find, long nowMilliseconds)
    {
        for (var looked = Math.Min(_line.Count, 4 * most); looked > 0 && _made.Count < most; looked--)
        {
            var due = _line.Dequeue();
            var series = find(due.Series);
            if (series is null || IsOver(series, due, nowMilliseconds))
            {
                _made.Add(due);   // now: if it cannot be made, it is forgotten with the transaction, and comes again
                if (series is not null)
                {
                    Make(series, due.Day);
                }
                _dropDue.Execute(due.Series, due.Day);
            }
            else
            {
                _line.Enqueue(due);
            }
        }
        return _made.Count > 0;
    }

    /// <summary>The transaction is durable.</summary>
    public void Save(long nowMilliseconds)
    {
        foreach (var due in _noted)
        {
            _due.Remove(due);
            Add(due, nowMilliseconds);
        }
        foreach (var due in _made)
        {
            _due.Remove(due);
        }
        _noted.Clear();
        _made.Clear();
    }

    /// <summary>The transaction failed.</summary>
    public void Forget()
    {
        foreach (var due in _noted)
        {
            _due.Remove(due);
        }
        foreach (var due in _made)
        {
            _line.Enqueue(due);
        }
        _noted.Clear();
        _made.Clear();
    }

    /// <summary>The beginning of the UTC day of a time.</summary>
    public static long DayOf(long milliseconds) => milliseconds - PositiveModulo(milliseconds, DayMilliseconds);

    /// <inheritdoc/>
    public void Dispose()
    {
        SqlStatement[] all = [_delete, _insert, _noteDue, _dropDue];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
    }

    private static long PositiveModulo(long value, long modulus) => ((value % modulus) + modulus) % modulus;

    private void Add(Due due, long nowMilliseconds)
    {
        _due.Add(due, nowMilliseconds);
        _line.Enqueue(due);
    }

    private bool IsOver(StoredSeries series, Due due, long nowMilliseconds) =>
        series.LastBlock is { } last && last.FirstMilliseconds >= due.Day + DayMilliseconds
        || nowMilliseconds > Math.Max(due.Day + DayMilliseconds, _due[due]) + PatienceMilliseconds;

    private void Make(StoredSeries series, long day)
    {
        if (DaySummary.Make(_connection, series.ToReadable(), day, FewestBlocks) is not { } summary)
        {
            return;
        }
        _connection.Partitions?.MakeFor(day);
        var row = new object?[1 + SummaryColumns.Count + 2];
        row[0] = series.Id;
        SummaryColumns.Write(summary.Whole, row.AsSpan(1));
        row[^2] = day;
        row[^1] = summary.Hours;
        _insert.Execute(row);
    }

    private readonly record struct Due(int Series, long Day);
}
