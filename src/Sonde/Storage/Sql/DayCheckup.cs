using System.Data.Common;

namespace Sonde.Storage.Sql;

/// <summary>
/// Reads the summary of every day of a series; it must be bit for bit what its blocks give, where those are there.
/// </summary>
internal static class DayCheckup
{
    private const string AllOfSeries =
        $"SELECT {SummaryColumns.Names}, day_ms, hours FROM day WHERE series_id = $1 ORDER BY day_ms";

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
        var days = 0;
        using var statement = connection.Prepare(AllOfSeries);
        using var rows = statement.Query(series.Id);
        while (rows.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            days++;
            var day = rows.GetInt64(SummaryColumns.Count);
            var isWhole = DaySummary.TryReadHours(day, rows.GetFieldValue<byte[]>(SummaryColumns.Count + 1)) is not null;
            if (!isWhole || !IsReadable(rows))
            {
                tell($"The summary of the day {UtcTime.Of(day)[..10]} of {name} is damaged: its blocks are read instead.");
            }
            else if (!(day <= goneUpTo) && !IsOfBlocks(connection, series, day, rows))
            {
                tell($"The summary of the day {UtcTime.Of(day)[..10]} of {name} is not that of its blocks.");
            }
        }
        return days;
    }

    private static bool IsReadable(DbDataReader row)
    {
        try
        {
            SummaryColumns.Read(row);
            return true;
        }
        catch (Exception error) when (error is FormatException or InvalidCastException or OverflowException
            or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsOfBlocks(StoreConnection connection, ReadableSeries series, long day, DbDataReader row)
    {
        if (DaySummary.Make(connection, series, day, fewestBlocks: 0) is not { } made)
        {
            return false;
        }
        var expected = new object?[SummaryColumns.Count];
        SummaryColumns.Write(made.Whole, expected);
        return BlockCheckup.IsEqual(row, SummaryColumns.Count + 1, made.Hours)
            && Enumerable.Range(0, SummaryColumns.Count)
                .All(column => BlockCheckup.IsEqual(row, column, expected[column]));
    }
}
