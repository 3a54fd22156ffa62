using System.Data.Common;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// Copies a store row by row into another, of whatever engine: runs, checks, series, blocks with and without their
/// samples, days, marks, the journal. Broken off, it can be done again: rows that are there already stay. Nobody else
/// may write either store.
/// </summary>
/// <param name="from">The store, open for writing, so that nobody else does.</param>
/// <param name="to">The other one.</param>
internal sealed class StoreCopy(StoreConnection from, StoreConnection to)
{
    private const int RowsAtOnce = 256;

    private const string Bytes = "series_id, first_ms, first_round, first_index, bytes";

    private static readonly (string Table, string Columns)[] SmallTables =
    [
        ("run", "number, began_ms"),
        ("check_", "id, name, kind, address, hidden"),
        ("series", $"id, check_id, vantage_point, family, quantity, unit, {ReadableSeries.Columns}"),
        ("mark", "at_ms, kind, check_id, text"),
        ("day_due", "series_id, day_ms"),
        ("space", "day_ms, blocks, samples, summary_bytes, raw_samples, raw_bytes"),
        ("forgotten", "series_id"),
        ("journal", "seq, bytes"),
    ];

    /// <summary>Which of both differ, in a sentence each; nothing = they are alike.</summary>
    /// <param name="progress">Told how many series of how many are done.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public IEnumerable<string> Compare(Action<int, int> progress, CancellationToken cancellationToken)
    {
        foreach (var (table, _) in SmallTables)
        {
            var (before, after) = (Count(from, table), Count(to, table));
            if (before != after)
            {
                yield return FormattableString.Invariant($"The table {table} has {before} rows, its copy {after}.");
            }
        }
        var all = SeriesRows.Read(from).ToList();
        for (var place = 0; place < all.Count; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress(place, all.Count);
            var (before, after) = (SeriesSums.Read(from, all[place].Id), SeriesSums.Read(to, all[place].Id));
            if (before != after)
            {
                yield return $"The series {all[place].Key} differs: {before} there, {after} in the copy.";
            }
        }
    }

    /// <summary>Copies all of it.</summary>
    /// <param name="progress">Told how many series of how many are done.</param>
    /// <param name="cancellationToken">Ends it early; what is copied stays.</param>
    /// <exception cref="StoreRefusedException">The other store holds what is not of this one.</exception>
    /// <exception cref="DbException">One of both failed.</exception>
    public void Run(Action<int, int> progress, CancellationToken cancellationToken)
    {
        ThrowIfAnother();
        foreach (var (table, columns) in SmallTables.Where(one => one.Table != "journal"))
        {
            Copy(new Rows(table, columns, null), cancellationToken);
        }
        var all = SeriesRows.Read(from).Select(series => series.Id).ToList();
        for (var place = 0; place < all.Count; place++)
        {
            progress(place, all.Count);
            CopySeries(all[place], cancellationToken);
        }
        // last, because it says that the copy is complete
        var journal = SmallTables[^1];
        Copy(new Rows(journal.Table, journal.Columns, null), cancellationToken);
    }

    private void CopySeries(int series, CancellationToken cancellationToken)
    {
        Copy(new Rows("block", $"series_id, {SummaryColumns.Names}", series), cancellationToken);
        Copy(new Rows("block_bytes", Bytes, series), cancellationToken);
        Copy(new Rows("day", $"series_id, day_ms, {SummaryColumns.Names}, hours", series), cancellationToken);
    }

    // The other one may have a part of this store, from a copying that was broken off, and nothing else.
    private void ThrowIfAnother()
    {
        var (ours, theirs) = (ReadKeys(from), ReadKeys(to));
        var isOther = theirs.Any(series => !ours.Contains(series))
            || Last(to, "MAX(number)", "run") > Last(from, "MAX(number)", "run")
            || Last(to, "MAX(seq)", "journal") > Last(from, "MAX(seq)", "journal");
        if (isOther)
        {
            throw new StoreRefusedException(
                "The store to copy to has samples of its own: name one that is empty, or where the same copying was "
                + "broken off.");
        }
    }

    private static HashSet<(int, SeriesKey)> ReadKeys(StoreConnection connection) =>
        [.. SeriesRows.Read(connection).Select(series => (series.Id, series.Key))];

    private static long Last(StoreConnection connection, string what, string table) =>
        connection.Number($"SELECT COALESCE({what}, 0) FROM {table}");

    private static long Count(StoreConnection connection, string table) =>
        connection.Number($"SELECT COUNT(*) FROM {table}");

    private void Copy(Rows rows, CancellationToken cancellationToken)
    {
        var columns = rows.Columns.Split(',', StringSplitOptions.TrimEntries);
        var places = string.Join(", ", columns.Select((_, place) => FormattableString.Invariant($"${place + 1}")));
        using var read = from.Prepare(
            $"SELECT {rows.Columns} FROM {rows.Table}" + (rows.Of is null ? "" : " WHERE series_id = $1"));
        using var write = to.Prepare(
            $"INSERT INTO {rows.Table} ({rows.Columns}) VALUES ({places}) ON CONFLICT DO NOTHING");
        using var source = rows.Of is { } series ? read.Query(series) : read.Query();
        for (var isMore = true; isMore;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isMore = to.Write(() => CopySome(source, write, columns, hasTime: rows.Of is not null));
        }
    }

    private bool CopySome(DbDataReader source, SqlStatement write, string[] columns, bool hasTime)
    {
        var values = new object?[columns.Length];
        for (var row = 0; row < RowsAtOnce; row++)
        {
            if (!source.Read())
            {
                return false;
            }
            for (var column = 0; column < values.Length; column++)
            {
                values[column] = source.IsDBNull(column) ? null
                    : SummaryColumns.IsWhole(columns[column]) ? SqlDialect.ReadWhole(source, column)
                    : source.GetValue(column);
            }
            if (hasTime)
            {
                to.Partitions?.MakeFor((long)values[1]!);   // where a block or day begins
            }
            write.Execute(values);
        }
        return true;
    }

    private readonly record struct Rows(string Table, string Columns, int? Of);
}

/// <summary>What both copies of a series must agree in.</summary>
internal readonly record struct SeriesSums(
    long Blocks, long Sent, long Lost, Int128 Values, long SketchBytes, long Raw, long RawBytes, long Days)
{
    /// <summary>Reads them.</summary>
    public static SeriesSums Read(StoreConnection connection, int series)
    {
        var (blocks, sent, lost, sketches) = (0L, 0L, 0L, 0L);
        var values = Int128.Zero;
        using (var statement = connection.Prepare(
            "SELECT sent, lost, length(sketch), value_sum FROM block WHERE series_id = $1"))
        {
            using var rows = statement.Query(series);
            while (rows.Read())
            {
                blocks++;
                sent += rows.GetInt64(0);
                lost += rows.GetInt64(1);
                sketches += rows.GetInt64(2);
                values += SqlDialect.ReadWhole(rows, 3);
            }
        }
        var (raw, rawBytes) = Pair(
            connection, series,
            "SELECT COUNT(*), COALESCE(SUM(length(bytes)), 0) FROM block_bytes WHERE series_id = $1");
        var (days, hours) = Pair(
            connection, series, "SELECT COUNT(*), COALESCE(SUM(length(hours)), 0) FROM day WHERE series_id = $1");
        return new SeriesSums(blocks, sent, lost, values, sketches + hours, raw, rawBytes, days);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Sent} samples in {Blocks} blocks, {Raw} of them with {RawBytes} bytes of samples, {Days} days");

    private static (long Left, long Right) Pair(StoreConnection connection, int series, string sql)
    {
        using var statement = connection.Prepare(sql);
        using var rows = statement.Query(series);
        rows.Read();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }
}
