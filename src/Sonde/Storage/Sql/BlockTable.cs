using System.Runtime.InteropServices;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>
/// Writes the tables <c>block</c> (summaries) and <c>block_bytes</c> (samples), whose keys are the same. The blocks of
/// a series never overlap in the order of rounds. One caller at a time.
/// </summary>
internal sealed partial class BlockTable(StoreConnection connection, DayTable days, SpaceTable space) : IDisposable
{
    /// <summary>A small block takes up what comes next until it would be this large; a larger one is split.</summary>
    public const int MaxBlock = BlockCut.MaxCount;

    /// <summary>Fewer samples join the last block, if that has room.</summary>
    private const int SmallBlock = 300;

    private const string Key = "series_id = $1 AND first_ms = $2 AND first_round = $3 AND first_index = $4";

    private readonly SqlStatement _insert = connection.Prepare(
        $"INSERT INTO block (series_id, {SummaryColumns.Names}) VALUES ($1, {SummaryColumns.ParametersFrom2})");

    private readonly SqlStatement _insertBytes = connection.Prepare(
        "INSERT INTO block_bytes (series_id, first_ms, first_round, first_index, bytes) VALUES ($1, $2, $3, $4, $5)");

    private readonly SqlStatement _delete = connection.Prepare($"DELETE FROM block WHERE {Key}");

    private readonly SqlStatement _deleteBytes = connection.Prepare($"DELETE FROM block_bytes WHERE {Key}");

    private readonly SqlStatement _stored = connection.Prepare(
        """
        SELECT b.last_ms, b.last_round, b.last_index, b.sent, length(b.sketch), y.bytes FROM block b
        LEFT JOIN block_bytes y ON y.series_id = b.series_id AND y.first_ms = b.first_ms
          AND y.first_round = b.first_round AND y.first_index = b.first_index
        WHERE b.series_id = $1 AND b.first_ms = $2 AND b.first_round = $3 AND b.first_index = $4
        """);

    private readonly SqlStatement _before = connection.Prepare(
        """
        SELECT first_ms, first_round, first_index FROM block
        WHERE series_id = $1 AND (first_round, first_index) <= ($2, $3)
        ORDER BY first_round DESC, first_index DESC LIMIT 1
        """);

    private readonly SqlStatement _after = connection.Prepare(
        """
        SELECT first_ms, first_round, first_index FROM block
        WHERE series_id = $1 AND (first_round, first_index) > ($2, $3) ORDER BY first_round, first_index LIMIT 1
        """);

    private readonly BlockCodec _codec = new();
    private readonly object?[] _row = new object?[1 + SummaryColumns.Count];
    private long[] _times = [];
    private WrittenBlock _lastWritten;

    /// <summary>
    /// Puts samples into the blocks that they belong to, or into new ones; those that are there already change nothing.
    /// </summary>
    /// <param name="series">The series.</param>
    /// <param name="ordered">The samples in order, each once.</param>
    public void Merge(StoredSeries series, List<Sample> ordered)
    {
        for (var done = 0; done < ordered.Count;)
        {
            var first = SampleIdentity.Of(ordered[done]);
            var home = Find(_before, series, first) ?? Find(_after, series, first);
            var next = home is { } found ? Find(_after, series, found.First) : null;
            var end = next is { } limit ? SampleOrder.FirstNotBefore(ordered, limit.First) : ordered.Count;
            MergeInto(series, home, next is null, CollectionsMarshal.AsSpan(ordered)[done..end]);
            done = end;
        }
    }

    /// <summary>How many of a full series' open samples should go into blocks now; 1 or more.</summary>
    public int FindEnd(ReadOnlySpan<Sample> ordered)
    {
        var end = 0;
        do
        {
            end += BlockCut.Find(TimesOf(ordered[end..]), isFull: true);
        }
        while (ordered.Length - end >= StoredSeries.FullBlock);
        return end;
    }

    /// <summary>Adds samples that come after all blocks of the series. Few of them join the last block.</summary>
    /// <returns>The last block of them.</returns>
    public WrittenBlock Append(StoredSeries series, ReadOnlySpan<Sample> ordered)
    {
        if (ordered.Length < SmallBlock && Find(_before, series, SampleIdentity.Of(ordered[0])) is { } last)
        {
            MergeInto(series, last, isLast: true, ordered);
        }
        else
        {
            Insert(series, ordered);
        }
        return _lastWritten;
    }

    /// <summary>Adds bytes that cannot be read, for people to look at, with a summary of nothing.</summary>
    public void InsertDamaged(StoredSeries series, BlockKey block, byte[] bytes)
    {
        connection.Partitions?.MakeFor(block.FirstMilliseconds);
        WriteRow(series, new SampleSummary(block.FirstMilliseconds, block.FirstMilliseconds, new Window()));
        (_row[2], _row[3], _row[5], _row[6]) =
            (block.First.Round, (int)block.First.Index, block.First.Round, (int)block.First.Index);
        _insert.Execute(_row);
        _insertBytes.Execute(series.Id, block.FirstMilliseconds, block.First.Round, (int)block.First.Index, bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SqlStatement[] all = [_insert, _insertBytes, _delete, _deleteBytes, _stored, _before, _after];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
    }

    private void MergeInto(StoredSeries series, BlockKey? home, bool isLast, ReadOnlySpan<Sample> samples)
    {
        if (home is not { } block)
        {
            Insert(series, samples);
            return;
        }
        var stored = new List<Sample>();
        var there = Read(series, block, stored);
        switch (there.State)
        {
            case BlockState.Gone:
                // what falls into it is too old to be kept one by one; what is counted there is counted
                Insert(series, After(there.Last, samples));
                return;
            case BlockState.Damaged:
                Insert(series, Without(block, samples));
                return;
        }
        var goesOn = isLast && SampleIdentity.Of(stored[^1]) < SampleIdentity.Of(samples[0]);
        if (goesOn && stored.Count + samples.Length > MaxBlock)
        {
            Insert(series, samples);
            return;
        }
        var before = stored.Count;
        stored.AddRange(samples);
        var merged = SampleOrder.Distinct(stored);
        if (merged.Count > before)
        {
            Delete(series, block, there);
            Insert(series, CollectionsMarshal.AsSpan(merged));
        }
    }

    private void Delete(StoredSeries series, BlockKey block, in StoredBlock there)
    {
        _delete.Execute(series.Id, block.FirstMilliseconds, block.First.Round, (int)block.First.Index);
        _deleteBytes.Execute(series.Id, block.FirstMilliseconds, block.First.Round, (int)block.First.Index);
        space.Count(-1, there.LatestMilliseconds, there.Sent, there.SketchLength);
        space.CountRaw(-1, there.LatestMilliseconds, there.Sent, there.Bytes);
    }

    // A damaged block stays where it is, for people to look at; what belongs into it makes a block of its own beside
    // it, but for its first sample, whose place is taken.
    private static Sample[] Without(BlockKey damaged, ReadOnlySpan<Sample> samples) =>
        samples.ToArray().Where(sample => SampleIdentity.Of(sample) != damaged.First).ToArray();

    private static ReadOnlySpan<Sample> After(SampleIdentity last, ReadOnlySpan<Sample> samples)
    {
        while (!samples.IsEmpty && SampleIdentity.Of(samples[0]) <= last)
        {
            samples = samples[1..];
        }
        return samples;
    }

    private StoredBlock Read(StoredSeries series, BlockKey block, List<Sample> samples)
    {
        using var rows = _stored.Query(series.Id, block.FirstMilliseconds, block.First.Round, (int)block.First.Index);
        rows.Read();
        var bytes = rows.IsDBNull(5) ? null : StoredValue.Bytes(rows, 5);
        return new StoredBlock(
            bytes is null ? BlockState.Gone
                : BlockCodec.TryUnpack(bytes, default, samples) ? BlockState.Whole
                : BlockState.Damaged,
            rows.GetInt64(0), new SampleIdentity(rows.GetInt64(1), (ushort)rows.GetInt32(2)), rows.GetInt64(3),
            rows.GetInt32(4), bytes?.Length ?? 0);
    }

    private void Insert(StoredSeries series, ReadOnlySpan<Sample> ordered)
    {
        while (!ordered.IsEmpty)
        {
            var count = Cut(ordered);
            InsertOne(series, ordered[..count]);
            ordered = ordered[count..];
        }
    }

    private int Cut(ReadOnlySpan<Sample> ordered)
    {
        var count = BlockCut.Find(TimesOf(ordered), isFull: ordered.Length > MaxBlock);
        return count == 0 ? ordered.Length : count;
    }

    private void InsertOne(StoredSeries series, ReadOnlySpan<Sample> samples)
    {
        var packed = _codec.PackAndSummarize(samples);
        var (earliest, latest) = (packed.EarliestMilliseconds, packed.LatestMilliseconds);
        var first = SampleIdentity.Of(samples[0]);
        connection.Partitions?.MakeFor(earliest);
        WriteRow(series, new SampleSummary(earliest, latest, packed.Summary));
        _insert.Execute(_row);
        _insertBytes.Execute(series.Id, earliest, first.Round, (int)first.Index, packed.Bytes);
        space.Count(1, latest, samples.Length, ((byte[])_row[SummaryColumns.Count]!).Length);
        space.CountRaw(1, latest, samples.Length, packed.Bytes.Count);
        _lastWritten = new WrittenBlock(earliest, samples.Length);
        NoteOrder(series, new BlockKey(earliest, first));
        series.NoteLength(latest - earliest);
        days.BlockWritten(series, earliest, latest);
    }

    private void WriteRow(StoredSeries series, in SampleSummary summary)
    {
        _row[0] = series.Id;
        SummaryColumns.Write(summary, _row.AsSpan(1));
    }

    // Blocks are read in the order of their times; a series whose clock was stepped back must be sorted by rounds.
    private void NoteOrder(StoredSeries series, BlockKey block)
    {
        if (series.LastBlock is { } last && last.First < block.First)
        {
            series.NoteOrder(last, block);
            series.LastBlock = block;
            return;
        }
        if (Find(_before, series, block.First.Before) is { } before)
        {
            series.NoteOrder(before, block);
        }
        var after = Find(_after, series, block.First);
        if (after is { } next)
        {
            series.NoteOrder(block, next);
        }
        else
        {
            series.LastBlock = block;
        }
    }

    private ReadOnlySpan<long> TimesOf(ReadOnlySpan<Sample> samples)
    {
        if (_times.Length < samples.Length)
        {
            _times = new long[samples.Length];
        }
        for (var place = 0; place < samples.Length; place++)
        {
            _times[place] = samples[place].SentAtMilliseconds;
        }
        return _times.AsSpan(0, samples.Length);
    }

    private static BlockKey? Find(SqlStatement statement, StoredSeries series, SampleIdentity identity)
    {
        using var rows = statement.Query(series.Id, identity.Round, (int)identity.Index);
        return rows.Read()
            ? new BlockKey(rows.GetInt64(0), new SampleIdentity(rows.GetInt64(1), (ushort)rows.GetInt32(2)))
            : null;
    }
}
