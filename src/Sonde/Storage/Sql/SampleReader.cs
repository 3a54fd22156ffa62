using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>Reads the samples of a series: its blocks from the database, then what is open of it.</summary>
internal static class SampleReader
{
    /// <summary>
    /// The samples in the order of round and index, in batches that stay as they are; constant memory.
    /// </summary>
    /// <param name="connection">The database, within a snapshot.</param>
    /// <param name="series">The series: its number in the database, the handle that its samples get, the span.</param>
    /// <param name="open">Its open samples, packed, copied before now.</param>
    /// <param name="tellDamage">Told of each damaged block, in a sentence; the reading goes on behind it.</param>
    public static IEnumerable<List<Sample>> Read(
        StoreConnection connection, SeriesSpan series, ReadOnlyMemory<byte> open, Action<string> tellDamage)
    {
        var sealedUpTo = SealedUpTo(connection, series.Id);
        foreach (var samples in ReadBlocks(connection, series, tellDamage))
        {
            yield return samples;
        }
        var rest = new List<Sample>();
        StoredSeries.Unpack(open.Span, series.Handle, rest);
        rest.RemoveAll(sample => SampleIdentity.Of(sample) <= sealedUpTo || !series.Holds(sample));
        if (rest.Count > 0)
        {
            yield return rest;
        }
    }

    // Walks the blocks in the order of their key, without sorting, from the first that can hold the span.
    private static string Blocks(SqlDialect engine) =>
        $"""
        SELECT b.first_round, b.count, y.bytes FROM block b {engine.JoinInOrder} block_bytes y
          ON y.series_id = b.series_id AND y.first_round = b.first_round AND y.first_index = b.first_index
          {(engine.HasTimeInBytes ? "AND y.last_ms = b.last_ms" : "")}
        WHERE b.series_id = $1
          AND b.first_round >= (
            SELECT COALESCE(MIN(first_round), 9223372036854775807) FROM block WHERE series_id = $1 AND last_ms >= $2)
          AND {engine.NotByIndex}b.last_ms >= $2 AND {engine.NotByIndex}b.first_ms < $3
        ORDER BY b.first_round, b.first_index
        """;

    private static IEnumerable<List<Sample>> ReadBlocks(
        StoreConnection connection, SeriesSpan series, Action<string> tellDamage)
    {
        using var statement = connection.Prepare(Blocks(connection.Dialect));
        using var rows = statement.Query(series.Id, series.FromMilliseconds, series.ToMilliseconds);
        while (rows.Read())
        {
            var samples = new List<Sample>();
            if (!BlockCodec.TryUnpack(rows.GetFieldValue<byte[]>(2), series.Handle, samples))
            {
                var block = FormattableString.Invariant($"series {series.Id} from round {rows.GetInt64(0)} on");
                tellDamage(FormattableString.Invariant(
                    $"The block of {block} is damaged; samples lost: {rows.GetInt64(1)}."));
                continue;
            }
            samples.RemoveAll(sample => !series.Holds(sample));
            if (samples.Count > 0)
            {
                yield return samples;
            }
        }
    }

    // What was open when it was copied may be in a block by now: all of it, for a series is sealed whole.
    private static SampleIdentity SealedUpTo(StoreConnection connection, int series)
    {
        using var statement = connection.Prepare(
            "SELECT sealed_round, sealed_index FROM series WHERE id = $1");
        using var rows = statement.Query(series);
        return rows.Read() && !rows.IsDBNull(0)
            ? new SampleIdentity(rows.GetInt64(0), (ushort)rows.GetInt32(1))
            : SampleIdentity.BeforeAll;
    }
}

/// <summary>
/// What to read: a series by its number in the database, the handle for its samples, and from (inclusive) to
/// (exclusive).
/// </summary>
internal readonly record struct SeriesSpan(int Id, SeriesHandle Handle, long FromMilliseconds, long ToMilliseconds)
{
    /// <summary>True when the sample was sent in the span.</summary>
    public bool Holds(in Sample sample) =>
        sample.SentAtMilliseconds >= FromMilliseconds && sample.SentAtMilliseconds < ToMilliseconds;
}
