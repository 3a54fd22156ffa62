using System.Data.Common;
using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>Reads the samples of a series: its blocks from the database, then what is open of it.</summary>
internal static class SampleReader
{
    private const string Blocks =
        """
        SELECT b.first_round, b.sent, (
          SELECT y.bytes FROM block_bytes y WHERE y.series_id = b.series_id AND y.first_ms = b.first_ms
            AND y.first_round = b.first_round AND y.first_index = b.first_index)
        FROM block b WHERE b.series_id = $1 AND b.first_ms >= $2 AND b.first_ms < $4 AND b.last_ms >= $3 ORDER BY 
        """;

    /// <summary>
    /// The samples in the order of round and index, in batches that stay as they are; constant memory.
    /// </summary>
    /// <param name="connection">The database, within a snapshot.</param>
    /// <param name="span">The series: its number in the database, the handle that its samples get, the span.</param>
    /// <param name="open">Its open samples, packed, copied before the snapshot.</param>
    /// <param name="tellDamage">Told of each damaged block, in a sentence; the reading goes on behind it.</param>
    public static IEnumerable<List<Sample>> Read(
        StoreConnection connection, SeriesSpan span, ReadOnlyMemory<byte> open, Action<string> tellDamage)
    {
        var series = ReadableSeries.Read(connection, span.Id);
        foreach (var samples in ReadBlocks(connection, series, span, tellDamage))
        {
            yield return samples;
        }
        var rest = new List<Sample>();
        StoredSeries.Unpack(open.Span, span.Handle, rest);
        // what was open when it was copied may be in a block by now
        rest.RemoveAll(sample => SampleIdentity.Of(sample) <= series.SealedUpTo || !span.Holds(sample));
        if (rest.Count > 0)
        {
            yield return rest;
        }
    }

    private static IEnumerable<List<Sample>> ReadBlocks(
        StoreConnection connection, ReadableSeries series, SeriesSpan span, Action<string> tellDamage)
    {
        using var rows = connection.Keep(Blocks + series.BlockOrder).Query(
            span.Id, series.EarliestBlock(span.FromMilliseconds), span.FromMilliseconds, span.ToMilliseconds);
        while (rows.Read())
        {
            if (Read(rows, span, tellDamage) is { Count: > 0 } samples)
            {
                yield return samples;
            }
        }
    }

    private static List<Sample>? Read(DbDataReader row, SeriesSpan span, Action<string> tellDamage)
    {
        if (row.IsDBNull(2))
        {
            return null;   // too old to be kept one by one
        }
        var samples = new List<Sample>();
        if (!BlockCodec.TryUnpack(StoredValue.Bytes(row, 2), span.Handle, samples))
        {
            tellDamage(DamageOf(span.Id, row.GetInt64(0), row.GetInt64(1)));
            return null;
        }
        samples.RemoveAll(sample => !span.Holds(sample));
        return samples;
    }

    /// <summary>Says which block is damaged, in a sentence.</summary>
    public static string DamageOf(int series, long firstRound, long count) => FormattableString.Invariant(
        $"The block of series {series} from round {firstRound} on is damaged; samples lost: {count}.");
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
