using Sonde.Marks;
using Sonde.Targets;

namespace Sonde.Storage.Sql;

/// <summary>The table <c>mark</c>; a mark without a check has an empty check id.</summary>
internal static class MarkTable
{
    /// <summary>Stores a mark; the same once more changes nothing.</summary>
    public static void Add(StoreConnection connection, Mark mark)
    {
        using var insert = connection.Prepare(
            "INSERT INTO mark (at_ms, kind, check_id, text) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
        insert.Execute(mark.AtMilliseconds, (int)mark.Kind, mark.Check?.Value ?? "", mark.Text);
    }

    /// <summary>The marks from (inclusive) to (exclusive) in time order.</summary>
    public static List<Mark> Read(StoreConnection connection, long fromMilliseconds, long toMilliseconds)
    {
        var marks = new List<Mark>();
        using var statement = connection.Prepare(
            """
            SELECT at_ms, kind, check_id, text FROM mark WHERE at_ms >= $1 AND at_ms < $2
            ORDER BY at_ms, kind, check_id, text
            """);
        using var rows = statement.Query(fromMilliseconds, toMilliseconds);
        while (rows.Read())
        {
            var check = rows.GetString(2);
            marks.Add(new Mark(
                rows.GetInt64(0), (MarkKind)rows.GetByte(1), check.Length == 0 ? null : CheckId.Parse(check),
                rows.GetString(3)));
        }
        return marks;
    }
}
