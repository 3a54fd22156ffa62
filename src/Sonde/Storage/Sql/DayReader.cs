using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>Reads the table <c>day</c>: the hours of the days of a series.</summary>
internal static class DayReader
{
    private const int FewestDays = 2;
    private const string Days =
        "SELECT day_ms, hours FROM day WHERE series_id = $1 AND day_ms >= $2 AND day_ms <= $3 ORDER BY day_ms";

    /// <summary>True when the windows of a query are made of whole UTC hours, and are so long that days help.</summary>
    public static bool CanServe(WindowQuery query) =>
        query.StepMilliseconds % DayTable.HourMilliseconds == 0
        && query.FromMilliseconds % DayTable.HourMilliseconds == 0
        && query.ToMilliseconds - query.FromMilliseconds >= FewestDays * DayTable.DayMilliseconds;

    /// <summary>The days of a series within the span of a query that are summarized, in time order.</summary>
    public static IEnumerable<(long Day, List<SampleSummary> Hours)> Read(
        StoreConnection connection, int series, WindowQuery query, Action<string> tellDamage)
    {
        foreach (var (day, packed) in ReadRows(connection, series, query))
        {
            if (DaySummary.TryReadHours(day, packed) is { } hours)
            {
                yield return (day, hours);
            }
            else
            {
                tellDamage(FormattableString.Invariant(
                    $"The summary of a day of series {series} is damaged: its blocks are read instead."));
            }
        }
    }

    // All at once: between two days blocks may be read, and not every engine has two readings on one connection.
    private static List<(long Day, byte[] Packed)> ReadRows(StoreConnection connection, int series, WindowQuery query)
    {
        using var rows = connection.Keep(Days).Query(
            series, query.FromMilliseconds, query.ToMilliseconds - DayTable.DayMilliseconds);
        var days = new List<(long, byte[])>();
        while (rows.Read())
        {
            days.Add((rows.GetInt64(0), StoredValue.Bytes(rows, 1)));
        }
        return days;
    }
}
