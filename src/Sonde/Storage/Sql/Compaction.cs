using System.Data.Common;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// Makes full blocks of small neighbours, which late samples and tight journals leave behind. Each series is a
/// transaction or several; broken off, it can be done again. One caller, and nobody else writes.
/// </summary>
internal sealed class Compaction : IDisposable
{
    /// <summary>A block with fewer samples takes in its neighbour.</summary>
    private const int SmallBlock = 400;

    // So many blocks at a time, so that no transaction becomes long.
    private const int JoinsAtOnce = 200;

    private readonly StoreConnection _connection;
    private readonly SpaceTable _space;
    private readonly DayTable _days;
    private readonly BlockTable _blocks;
    private readonly SeriesTable _table;

    /// <param name="connection">The store, open for writing.</param>
    public Compaction(StoreConnection connection)
    {
        _connection = connection;
        _space = new SpaceTable(connection);
        _days = new DayTable(connection);
        _days.Load(nowMilliseconds: 0);
        _blocks = new BlockTable(connection, _days, _space);
        _table = new SeriesTable(connection, new SeriesCatalog());
        _table.Load();
    }

    /// <summary>How many blocks became fewer.</summary>
    public long Joined { get; private set; }

    /// <summary>Compacts all series.</summary>
    /// <param name="progress">Told how many series of how many are done.</param>
    /// <param name="cancellationToken">Ends it early; what is done stays.</param>
    /// <exception cref="DbException">The transaction under way was not made; those before it are.</exception>
    public void Run(Action<int, int> progress, CancellationToken cancellationToken)
    {
        var all = _table.ListIds();
        for (var place = 0; place < all.Count; place++)
        {
            progress(place, all.Count);
            var series = _table.Find(all[place])!;
            foreach (var part in FindJoins(series).Chunk(JoinsAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _connection.Write(() => Join(series, part));
                _days.Save(nowMilliseconds: 0);
            }
        }
        MakeDays(cancellationToken);
        progress(all.Count, all.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        _days.Dispose();
        _space.Dispose();
        _table.Dispose();
    }

    private bool Join(StoredSeries series, List<BlockKey>[] joins)
    {
        foreach (var neighbours in joins)
        {
            if (_blocks.TryJoin(series, neighbours))
            {
                Joined += neighbours.Count - 1;
            }
        }
        _table.WriteBlocksState(series);
        _space.Write();
        return true;
    }

    // The days whose blocks were joined must be summed up again.
    private void MakeDays(CancellationToken cancellationToken)
    {
        for (var isMore = true; isMore;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isMore = _connection.Write(() => _days.MakeDue(JoinsAtOnce, _table.Find, nowMilliseconds: long.MaxValue));
            _days.Save(nowMilliseconds: 0);
        }
    }

    private List<List<BlockKey>> FindJoins(StoredSeries series)
    {
        var joins = new List<List<BlockKey>>();
        var run = new List<BlockKey>();
        var (samples, begin) = (0L, 0L);
        foreach (var block in List(series))
        {
            var isJoined = run.Count > 0 && block.CanJoin
                && (samples < SmallBlock || block.Samples < SmallBlock)
                && samples + block.Samples <= StoredSeries.FullBlock
                && block.LatestMilliseconds - begin <= Math.Max(series.LongestBlockMilliseconds, DayTable.LongestBlock);
            if (!isJoined)
            {
                Keep(run);
                run = [];
                (samples, begin) = (0, block.Key.FirstMilliseconds);
            }
            if (block.CanJoin)
            {
                run.Add(block.Key);
                samples += block.Samples;
            }
        }
        Keep(run);
        return joins;

        void Keep(List<BlockKey> ended)
        {
            if (ended.Count > 1)
            {
                joins.Add(ended);
            }
        }
    }

    // Blocks of a day of which samples are gone stay as they are: the day could not be summed up again.
    private IEnumerable<Candidate> List(StoredSeries series)
    {
        var all = new List<Candidate>();
        using var statement = _connection.Prepare(
            """
            SELECT b.first_ms, b.first_round, b.first_index, b.last_ms, b.sent, y.series_id FROM block b
            LEFT JOIN block_bytes y ON y.series_id = b.series_id AND y.first_ms = b.first_ms
              AND y.first_round = b.first_round AND y.first_index = b.first_index
            WHERE b.series_id = $1 ORDER BY b.first_round, b.first_index
            """);
        using var rows = statement.Query(series.Id);
        while (rows.Read())
        {
            var key = new BlockKey(
                rows.GetInt64(0), new SampleIdentity(rows.GetInt64(1), (ushort)rows.GetInt32(2)));
            all.Add(new Candidate(key, rows.GetInt64(3), rows.GetInt64(4), CanJoin: !rows.IsDBNull(5)));
        }
        var gone = all.Where(block => !block.CanJoin).Select(block => block.LatestMilliseconds)
            .DefaultIfEmpty(long.MinValue).Max();
        var from = gone == long.MinValue ? gone : DayTable.DayOf(gone) + DayTable.DayMilliseconds;
        return all.Select(block => block with { CanJoin = block.CanJoin && block.Key.FirstMilliseconds >= from });
    }

    private readonly record struct Candidate(
        BlockKey Key, long LatestMilliseconds, long Samples, bool CanJoin);
}
