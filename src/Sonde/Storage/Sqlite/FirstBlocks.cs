using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Sonde.Samples;
using Sonde.Storage.Blocks;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Sqlite;

/// <summary>Brings the blocks of version 1 of the schema, which had no summaries, into version 2.</summary>
internal static class FirstBlocks
{
    /// <summary>
    /// Copies all blocks from <c>block_1</c> and <c>block_bytes_1</c>, packed anew. A damaged one is copied as it is,
    /// with a summary of nothing.
    /// </summary>
    public static void Convert(SqliteConnection connection)
    {
        var store = new StoreConnection(connection, SqliteDialect.Instance);
        using var days = new DayTable(store);
        using var space = new SpaceTable(store);   // counted by the step that makes its table
        using var blocks = new BlockTable(store, days, space);
        using var table = new SeriesTable(store, new SeriesCatalog());
        foreach (var series in SeriesRows.Read(store).ToList())
        {
            Convert(store, blocks, series);
            table.WriteBlocksState(series);
        }
        days.Save(nowMilliseconds: 0);
    }

    private static void Convert(StoreConnection store, BlockTable blocks, StoredSeries series)
    {
        using var statement = store.Prepare(
            """
            SELECT b.first_ms, b.first_round, b.first_index, y.bytes FROM block_1 b JOIN block_bytes_1 y
              ON y.series_id = b.series_id AND y.first_round = b.first_round AND y.first_index = b.first_index
            WHERE b.series_id = $1 ORDER BY b.first_round, b.first_index
            """);
        using var rows = statement.Query(series.Id);
        var samples = new List<Sample>();
        while (rows.Read())
        {
            var bytes = rows.GetFieldValue<byte[]>(3);
            samples.Clear();
            if (BlockCodec.TryUnpack(bytes, default, samples))
            {
                blocks.Append(series, CollectionsMarshal.AsSpan(samples));
            }
            else
            {
                var first = new SampleIdentity(rows.GetInt64(1), (ushort)rows.GetInt32(2));
                blocks.InsertDamaged(series, new BlockKey(rows.GetInt64(0), first), bytes);
            }
        }
    }
}
