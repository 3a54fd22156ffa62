using System.Data.Common;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Storage.Sql;

/// <summary>Reads the table <c>series</c>.</summary>
internal static class SeriesRows
{
    /// <summary>All series, in the order of check id, vantage point, family, quantity.</summary>
    public static IEnumerable<StoredSeries> Read(StoreConnection connection)
    {
        using var statement = connection.Prepare(
            $"""
            SELECT id, check_id, vantage_point, family, quantity, unit, {ReadableSeries.Columns} FROM series
            ORDER BY check_id, vantage_point, family, quantity, unit
            """);
        using var rows = statement.Query();
        while (rows.Read())
        {
            var id = rows.GetInt32(0);
            yield return new StoredSeries(id, KeyOf(rows), ReadableSeries.Read(rows, id, 6));
        }
    }

    private static SeriesKey KeyOf(DbDataReader row) => new(
        CheckId.Parse(row.GetString(1)), row.GetString(2), (byte)row.GetInt32(3),
        new Quantity(row.GetString(4), row.GetString(5)));
}
