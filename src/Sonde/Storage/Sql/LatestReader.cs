using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>Reads the last sample of a series.</summary>
internal static class LatestReader
{
    private const string LastBlock =
        """
        SELECT (SELECT y.bytes FROM block_bytes y WHERE y.series_id = b.series_id AND y.first_ms = b.first_ms
          AND y.first_round = b.first_round AND y.first_index = b.first_index)
        FROM block b WHERE b.series_id = $1 ORDER BY b.first_round DESC, b.first_index DESC LIMIT 1
        """;

    /// <summary>The last sample in the order of rounds; null when there is none any more.</summary>
    /// <param name="connection">The database, within a snapshot.</param>
    /// <param name="id">The series' number in the database.</param>
    /// <param name="handle">The handle that the sample gets.</param>
    /// <param name="open">Its open samples, packed, copied before the snapshot.</param>
    public static Sample? Read(StoreConnection connection, int id, SeriesHandle handle, ReadOnlySpan<byte> open)
    {
        var samples = new List<Sample>();
        StoredSeries.Unpack(open, handle, samples);
        return samples.Count > 0 || TryReadLastBlock(connection, id, handle, samples) ? samples[^1] : null;
    }

    private static bool TryReadLastBlock(StoreConnection connection, int id, SeriesHandle handle, List<Sample> samples)
    {
        using var rows = connection.Keep(LastBlock).Query(id);
        return rows.Read() && !rows.IsDBNull(0)
            && BlockCodec.TryUnpack(StoredValue.Bytes(rows, 0), handle, samples);
    }
}
