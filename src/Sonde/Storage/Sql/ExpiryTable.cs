using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// Deletes blocks and days of a series that lie before a time, a few at a time, within the caller's transaction.
/// </summary>
internal sealed class ExpiryTable(StoreConnection connection) : IDisposable
{
    /// <summary>How fine the samples of a day are told apart.</summary>
    public const long MinuteMilliseconds = 60_000;

    private const int AtOnce = 64;

    private const string Key = "series_id = $1 AND first_ms = $2 AND first_round = $3 AND first_index = $4";

    // $2 to $4 is the key behind which it looks on.
    private readonly SqlStatement _raw = connection.Prepare(
        $"""
        SELECT y.first_ms, y.first_round, y.first_index, b.last_ms, b.sent, 0, length(y.bytes)
        FROM block_bytes y JOIN block b ON b.series_id = y.series_id AND b.first_ms = y.first_ms
          AND b.first_round = y.first_round AND b.first_index = y.first_index
        WHERE y.series_id = $1 AND (y.first_ms, y.first_round, y.first_index) > ($2, $3, $4)
        ORDER BY y.first_ms, y.first_round, y.first_index LIMIT {AtOnce}
        """);

    private readonly SqlStatement _whole = connection.Prepare(
        $"""
        SELECT b.first_ms, b.first_round, b.first_index, b.last_ms, b.sent, length(b.sketch), length(y.bytes)
        FROM block b LEFT JOIN block_bytes y ON y.series_id = b.series_id AND y.first_ms = b.first_ms
          AND y.first_round = b.first_round AND y.first_index = b.first_index
        WHERE b.series_id = $1 AND (b.first_ms, b.first_round, b.first_index) > ($2, $3, $4)
        ORDER BY b.first_ms, b.first_round, b.first_index LIMIT {AtOnce}
        """);

    private readonly SqlStatement _ofDay = connection.Prepare(
        """
        SELECT b.last_ms, length(y.bytes) FROM block b JOIN block_bytes y ON y.series_id = b.series_id
          AND y.first_ms = b.first_ms AND y.first_round = b.first_round AND y.first_index = b.first_index
        WHERE b.series_id = $1 AND b.first_ms >= $2 AND b.first_ms < $4 AND b.last_ms >= $3 AND b.last_ms < $4
        """);

    private readonly SqlStatement _deleteBytes = connection.Prepare($"DELETE FROM block_bytes WHERE {Key}");

    private readonly SqlStatement _deleteBlock = connection.Prepare($"DELETE FROM block WHERE {Key}");

    private readonly SqlStatement _deleteDays = connection.Prepare(
        "DELETE FROM day WHERE series_id = $1 AND day_ms < $2");

    private readonly SpaceTable _space = new(connection);
    private readonly List<Expiring> _found = [];

    /// <summary>Deletes the packed samples of blocks all of whose samples were sent before a time.</summary>
    /// <param name="series">The series' number.</param>
    /// <param name="behind">Where to look on; the first time <see cref="BlockKey"/> of all that is smallest.</param>
    /// <param name="before">The time.</param>
    /// <param name="gone">What was deleted.</param>
    /// <returns>Where to look on; null when there is no more.</returns>
    public BlockKey? DropRaw(int series, BlockKey behind, long before, ExpiryTally gone) =>
        Drop(_raw, series, behind, before, gone);

    /// <summary>The same with their summaries.</summary>
    public BlockKey? DropWhole(int series, BlockKey behind, long before, ExpiryTally gone) =>
        Drop(_whole, series, behind, before, gone);

    /// <summary>Deletes the summaries of days that begin before a time.</summary>
    public void DropDays(int series, long before) => _deleteDays.Execute(series, before);

    /// <summary>Adds up what the packed samples of a day take, by the minute of each block's latest sample.</summary>
    public void AddBytes(ReadableSeries series, long day, long[] minutes)
    {
        using var rows = _ofDay.Query(series.Id, series.EarliestBlock(day), day, day + DayTable.DayMilliseconds);
        while (rows.Read())
        {
            minutes[(rows.GetInt64(0) - day) / MinuteMilliseconds] += rows.GetInt64(1);
        }
    }

    /// <summary>Writes what has become of the table <c>space</c>; before the transaction ends.</summary>
    public void WriteSpace() => _space.Write();

    /// <inheritdoc/>
    public void Dispose()
    {
        SqlStatement[] all = [_raw, _whole, _ofDay, _deleteBytes, _deleteBlock, _deleteDays];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
        _space.Dispose();
    }

    private BlockKey? Drop(SqlStatement find, int series, BlockKey behind, long before, ExpiryTally gone)
    {
        _found.Clear();
        using (var rows = find.Query(series, behind.FirstMilliseconds, behind.First.Round, (int)behind.First.Index))
        {
            while (rows.Read())
            {
                var first = new SampleIdentity(rows.GetInt64(1), (ushort)rows.GetInt32(2));
                _found.Add(new Expiring(
                    new BlockKey(rows.GetInt64(0), first), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt32(5),
                    rows.IsDBNull(6) ? null : rows.GetInt32(6)));
            }
        }
        foreach (var block in _found)
        {
            if (block.Key.FirstMilliseconds >= before)
            {
                gone.Kept(block.Key.FirstMilliseconds, block.RawBytes);
                return null;
            }
            if (block.LatestMilliseconds >= before)
            {
                gone.Kept(block.Key.FirstMilliseconds, block.RawBytes);
                continue;
            }
            Delete(series, block, isWhole: find == _whole);
            gone.Add(series, block, isWhole: find == _whole);
        }
        return _found.Count == AtOnce ? _found[^1].Key : null;
    }

    private void Delete(int series, in Expiring block, bool isWhole)
    {
        var (key, latest) = (block.Key, block.LatestMilliseconds);
        if (block.RawBytes is { } bytes)
        {
            _deleteBytes.Execute(series, key.FirstMilliseconds, key.First.Round, (int)key.First.Index);
            _space.CountRaw(-1, latest, block.Sent, bytes);
        }
        if (isWhole)
        {
            _deleteBlock.Execute(series, key.FirstMilliseconds, key.First.Round, (int)key.First.Index);
            _space.Count(-1, latest, block.Sent, block.SketchLength);
        }
    }
}

/// <summary>A block that may be deleted.</summary>
internal readonly record struct Expiring(
    BlockKey Key, long LatestMilliseconds, long Sent, int SketchLength, int? RawBytes);

/// <summary>What was deleted, and the oldest that was left.</summary>
internal sealed class ExpiryTally
{
    private readonly HashSet<int> _series = [];

    public long Samples { get; private set; }

    public long RawBytes { get; private set; }

    public long Summaries { get; private set; }

    public int Series => _series.Count;

    public (long Earliest, long Latest)? Span { get; private set; }

    /// <summary>When the earliest block begins that was looked at, left, and has its samples.</summary>
    public long? OldestKept { get; set; }

    /// <summary>A block was deleted.</summary>
    public void Add(int series, in Expiring block, bool isWhole)
    {
        _series.Add(series);
        Samples += block.RawBytes is null ? 0 : block.Sent;
        RawBytes += block.RawBytes ?? 0;
        Summaries += isWhole ? 1 : 0;
        Span = Span is var (earliest, latest)
            ? (Math.Min(earliest, block.Key.FirstMilliseconds), Math.Max(latest, block.LatestMilliseconds))
            : (block.Key.FirstMilliseconds, block.LatestMilliseconds);
    }

    /// <summary>A block was left.</summary>
    public void Kept(long firstMilliseconds, int? rawBytes)
    {
        if (rawBytes is not null && !(OldestKept <= firstMilliseconds))
        {
            OldestKept = firstMilliseconds;
        }
    }
}
