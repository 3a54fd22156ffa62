using System.Runtime.InteropServices;
using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>
/// Writes the tables <c>block</c> and <c>block_bytes</c>. The blocks of a series never overlap. One caller at a time.
/// </summary>
internal sealed class BlockTable(StoreConnection connection) : IDisposable
{
    // the time of the block, where block_bytes has it
    private static string OfTime(StoreConnection connection, string text) =>
        connection.Dialect.HasTimeInBytes ? text : "";

    // A small block takes up what comes next until it would be this large; a larger one is split.
    private const int MaxBlock = StoredSeries.FullBlock * 3 / 2;

    private readonly SqlStatement _insert = connection.Prepare(
        """
        INSERT INTO block (series_id, first_round, first_index, last_round, last_index, first_ms, last_ms, count)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """);

    private readonly SqlStatement _insertBytes = connection.Prepare(
        $"INSERT INTO block_bytes (series_id, first_round, first_index, bytes{OfTime(connection, ", last_ms")}) "
        + $"VALUES ($1, $2, $3, $4{OfTime(connection, ", $5")})");

    private readonly SqlStatement _delete = connection.Prepare(
        "DELETE FROM block WHERE series_id = $1 AND first_round = $2 AND first_index = $3 AND last_ms = $4");

    private readonly SqlStatement _deleteBytes = connection.Prepare(
        "DELETE FROM block_bytes WHERE series_id = $1 AND first_round = $2 AND first_index = $3"
        + OfTime(connection, " AND last_ms = $4"));

    private readonly SqlStatement _bytes = connection.Prepare(
        "SELECT bytes FROM block_bytes WHERE series_id = $1 AND first_round = $2 AND first_index = $3"
        + OfTime(connection, " AND last_ms = $4"));

    private readonly SqlStatement _before = connection.Prepare(
        """
        SELECT first_round, first_index, last_ms FROM block
        WHERE series_id = $1 AND (first_round, first_index) <= ($2, $3)
        ORDER BY first_round DESC, first_index DESC LIMIT 1
        """);

    private readonly SqlStatement _after = connection.Prepare(
        """
        SELECT first_round, first_index, last_ms FROM block
        WHERE series_id = $1 AND (first_round, first_index) > ($2, $3) ORDER BY first_round, first_index LIMIT 1
        """);

    private readonly BlockCodec _codec = new();

    /// <summary>
    /// Puts samples into the blocks that they belong to, or into new ones; those that are there already change nothing.
    /// </summary>
    /// <param name="series">The series' number in the database.</param>
    /// <param name="ordered">The samples in order, each once.</param>
    public void Merge(int series, List<Sample> ordered)
    {
        for (var done = 0; done < ordered.Count;)
        {
            var first = SampleIdentity.Of(ordered[done]);
            var home = Find(_before, series, first) ?? Find(_after, series, first);
            var next = home is { } found ? Find(_after, series, found.First) : null;
            var end = next is { } limit ? SampleOrder.FirstNotBefore(ordered, limit.First) : ordered.Count;
            MergeInto(series, home, next is null, ordered[done..end]);
            done = end;
        }
    }

    /// <summary>Adds samples that come after all blocks of the series. Few of them join the last block.</summary>
    public void Append(int series, List<Sample> ordered)
    {
        if (ordered.Count < StoredSeries.FullBlock / 2)
        {
            Merge(series, ordered);
        }
        else
        {
            Insert(series, ordered);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SqlStatement[] all = [_insert, _insertBytes, _delete, _deleteBytes, _bytes, _before, _after];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
    }

    private void MergeInto(int series, BlockPlace? home, bool isLast, List<Sample> samples)
    {
        if (home is not { } block)
        {
            Insert(series, samples);
            return;
        }
        if (!TryRead(series, block, out var stored))
        {
            Insert(series, samples.FindAll(sample => SampleIdentity.Of(sample) != block.First));
            return;
        }
        var goesOn = isLast && SampleIdentity.Of(stored[^1]) < SampleIdentity.Of(samples[0]);
        if (goesOn && stored.Count + samples.Count > MaxBlock)
        {
            Insert(series, samples);
            return;
        }
        var before = stored.Count;
        stored.AddRange(samples);
        var merged = SampleOrder.Distinct(stored);
        if (merged.Count > before)
        {
            _delete.Execute(series, block.First.Round, (int)block.First.Index, block.LastMilliseconds);
            _deleteBytes.Execute(series, block.First.Round, (int)block.First.Index, block.LastMilliseconds);
            Insert(series, merged);
        }
    }

    // A damaged block stays where it is, for people to look at; what belongs into it makes a block of its own beside
    // it, but for its first sample, whose place is taken.
    private bool TryRead(int series, BlockPlace block, out List<Sample> samples)
    {
        samples = [];
        using var rows = _bytes.Query(
            series, block.First.Round, (int)block.First.Index, block.LastMilliseconds);
        return rows.Read() && BlockCodec.TryUnpack(rows.GetFieldValue<byte[]>(0), default, samples);
    }

    private void Insert(int series, List<Sample> ordered)
    {
        if (ordered.Count == 0)
        {
            return;
        }
        var pieces = ordered.Count <= MaxBlock
            ? 1
            : (ordered.Count + StoredSeries.FullBlock - 1) / StoredSeries.FullBlock;
        for (var piece = 0; piece < pieces; piece++)
        {
            var from = (int)((long)ordered.Count * piece / pieces);
            var to = (int)((long)ordered.Count * (piece + 1) / pieces);
            InsertOne(series, CollectionsMarshal.AsSpan(ordered)[from..to]);
        }
    }

    private void InsertOne(int series, ReadOnlySpan<Sample> samples)
    {
        long earliest = long.MaxValue, latest = long.MinValue;
        foreach (ref readonly var sample in samples)
        {
            earliest = Math.Min(earliest, sample.SentAtMilliseconds);
            latest = Math.Max(latest, sample.SentAtMilliseconds);
        }
        var (first, last) = (SampleIdentity.Of(samples[0]), SampleIdentity.Of(samples[^1]));
        connection.Partitions?.MakeFor(latest);
        _insert.Execute(
            series, first.Round, (int)first.Index, last.Round, (int)last.Index, earliest, latest, samples.Length);
        _insertBytes.Execute(series, first.Round, (int)first.Index, _codec.Pack(samples), latest);
    }

    private static BlockPlace? Find(SqlStatement statement, int series, SampleIdentity identity)
    {
        using var rows = statement.Query(series, identity.Round, (int)identity.Index);
        return rows.Read()
            ? new BlockPlace(new SampleIdentity(rows.GetInt64(0), (ushort)rows.GetInt32(1)), rows.GetInt64(2))
            : null;
    }

    /// <summary>A block of a series by its key: its first sample, and when its latest one was sent.</summary>
    private readonly record struct BlockPlace(SampleIdentity First, long LastMilliseconds);
}
