using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>
/// Reads the summary of every day of a series; it must be bit for bit what its blocks give, where those are there.
/// </summary>
internal static class DayCheckup
{
    private const string OfDay =
        $"SELECT {SummaryColumns.Names}, hours FROM day WHERE series_id = $1 AND day_ms = $2";

    /// <summary>Reads them all.</summary>
    /// <param name="connection">The store, within a snapshot.</param>
    /// <param name="series">The series.</param>
    /// <param name="name">Its name in sentences.</param>
    /// <param name="goneUpTo">Days up to this time cannot be compared with their samples; null = all can.</param>
    /// <param name="tell">Told of each damage, in a sentence.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>How many days there are.</returns>
    public static int Run(
        StoreConnection connection, ReadableSeries series, string name, long? goneUpTo, Action<string> tell,
        CancellationToken cancellationToken)
    {
        var days = List(connection, series);
        foreach (var day in days)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var made = day <= goneUpTo ? null : DaySummary.Make(connection, series, day, fewestBlocks: 0);
            using var statement = connection.Prepare(OfDay);
            using var rows = statement.Query(series.Id, day);
            if (!rows.Read() || !IsReadable(rows, connection.Dialect, day))
            {
                tell(
                    $"The summary of the day {UtcTime.Of(day)[..10]} of {name} is damaged: "
                    + "its blocks are read instead.");
            }
            else if (!(day <= goneUpTo) && (made is null || !IsEqual(rows, made)))
            {
                tell($"The summary of the day {UtcTime.Of(day)[..10]} of {name} is not that of its blocks.");
            }
        }
        return days.Count;
    }

    private static List<long> List(StoreConnection connection, ReadableSeries series)
    {
        var days = new List<long>();
        using var statement = connection.Prepare("SELECT day_ms FROM day WHERE series_id = $1 ORDER BY day_ms");
        using var rows = statement.Query(series.Id);
        while (rows.Read())
        {
            days.Add(rows.GetInt64(0));
        }
        return days;
    }

    private static bool IsReadable(DbDataReader row, SqlDialect dialect, long day)
    {
        try
        {
            SummaryColumns.Read(row, dialect);
            return DaySummary.TryReadHours(day, StoredValue.Bytes(row, SummaryColumns.Count)) is not null;
        }
        catch (Exception error) when (StoredValue.IsDamage(error))
        {
            return false;
        }
    }

    private static bool IsEqual(DbDataReader row, DaySummary made)
    {
        var expected = new object?[SummaryColumns.Count];
        SummaryColumns.Write(made.Whole, expected);
        return BlockCheckup.IsEqual(row, SummaryColumns.Count, made.Hours)
            && Enumerable.Range(0, SummaryColumns.Count)
                .All(column => BlockCheckup.IsEqual(row, column, expected[column]));
    }
}
