using System.Data.Common;
using System.Runtime.InteropServices;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>
/// Reads the windows of series: from the summaries of days and blocks, and from samples where a window's edge cuts a
/// block. Within one snapshot; one caller at a time.
/// </summary>
internal sealed class WindowReader(StoreConnection connection, WindowQuery query, Action<string> tellDamage)
{
    // Each block in the span, with its samples where an edge cuts it: $3 and $4 are the edges of the span, $5 and $6
    // the beginning and the length of the windows.
    private const string Blocks =
        $"""
        SELECT {SummaryColumns.Names}, CASE WHEN b.first_ms < $3 OR b.last_ms >= $4
            OR (b.first_ms - $5) / $6 <> (b.last_ms - $5) / $6 THEN (
          SELECT y.bytes FROM block_bytes y WHERE y.series_id = b.series_id AND y.first_ms = b.first_ms
            AND y.first_round = b.first_round AND y.first_index = b.first_index) END
        FROM block b WHERE b.series_id = $1 AND b.first_ms >= $2 AND b.first_ms < $4 AND b.last_ms >= $3 ORDER BY 
        """;

    private const string BlocksByTime = Blocks + ReadableSeries.TimeOrder;
    private const string BlocksByRound = Blocks + ReadableSeries.RoundOrder;

    private readonly SampleColumns _columns = new();
    private readonly List<Sample> _open = [];
    private bool _passesOverOverlaps;
    private readonly WindowBuilder _builder = new();

    /// <summary>The windows of a series.</summary>
    /// <param name="id">Its number in the database.</param>
    /// <param name="open">Its open samples, packed, copied before the snapshot.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public StepWindows Read(int id, ReadOnlySpan<byte> open, CancellationToken cancellationToken)
    {
        var series = ReadableSeries.Read(connection, id);
        var windows = new StepWindows(query.FromMilliseconds, query.StepMilliseconds, query.Count, _builder);
        if (!DayReader.CanServe(query) || !TryReadWithDays(series, windows, cancellationToken))
        {
            windows.Clear();
            _passesOverOverlaps = true;
            AddBlocks(series, windows, query.FromMilliseconds, query.ToMilliseconds, cancellationToken);
        }
        AddOpen(series, windows, open);
        _passesOverOverlaps = false;
        return windows;
    }

    /// <summary>Adds the blocks with samples sent from (inclusive) to (exclusive), in the order of rounds.</summary>
    public void AddBlocks(
        ReadableSeries series, StepWindows windows, long from, long to, CancellationToken cancellationToken)
    {
        windows.Clip(from, to);
        using var rows = connection.Keep(series.IsStepped ? BlocksByRound : BlocksByTime).Query(
            series.Id, series.EarliestBlock(from), from, to, windows.From, windows.Step);
        while (rows.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                AddBlock(series, windows, rows);
            }
            catch (ArgumentException) when (_passesOverOverlaps)
            {
                // late samples of a damaged block lie in one beside it
                tellDamage(SampleReader.DamageOf(series.Id, rows.GetInt64(1), rows.GetInt64(6)));
            }
        }
    }

    // Days lie one after the other, with blocks in between where a day has no summary. A clock that was stepped by days
    // can make that order another than that of the rounds: then blocks alone must do.
    private bool TryReadWithDays(ReadableSeries series, StepWindows windows, CancellationToken cancellationToken)
    {
        try
        {
            var from = query.FromMilliseconds;
            foreach (var (day, hours) in DayReader.Read(connection, series.Id, query, tellDamage))
            {
                if (day > from)
                {
                    AddBlocks(series, windows, from, day, cancellationToken);
                }
                windows.Clip(day, day + DayTable.DayMilliseconds);
                foreach (var hour in hours)
                {
                    windows.Add(hour);
                }
                from = day + DayTable.DayMilliseconds;
            }
            if (from < query.ToMilliseconds)
            {
                AddBlocks(series, windows, from, query.ToMilliseconds, cancellationToken);
            }
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void AddBlock(ReadableSeries series, StepWindows windows, DbDataReader row)
    {
        var (earliest, latest) = (row.GetInt64(0), row.GetInt64(3));
        if (!windows.IsWithinOne(earliest, latest) && TryUnpack(row, series))
        {
            windows.Add(_columns.ForWindow, _columns.Times);
            return;
        }
        try
        {
            var summary = SummaryColumns.Read(row, connection.Dialect);
            if (windows.IsWithinOne(earliest, latest))
            {
                windows.Add(summary);
            }
            else
            {
                windows.AddUncut(summary);
            }
        }
        catch (FormatException)
        {
            tellDamage(SampleReader.DamageOf(series.Id, row.GetInt64(1), row.GetInt64(6)));
        }
    }

    private bool TryUnpack(DbDataReader row, ReadableSeries series)
    {
        if (row.IsDBNull(SummaryColumns.Count))
        {
            return false;
        }
        if (BlockCodec.TryUnpack(StoredValue.Bytes(row, SummaryColumns.Count), _columns))
        {
            return true;
        }
        tellDamage(SampleReader.DamageOf(series.Id, row.GetInt64(1), row.GetInt64(6)));
        return false;
    }

    private void AddOpen(ReadableSeries series, StepWindows windows, ReadOnlySpan<byte> open)
    {
        windows.Clip(query.FromMilliseconds, query.ToMilliseconds);
        _open.Clear();
        StoredSeries.Unpack(open, default, _open);
        _open.RemoveAll(sample => SampleIdentity.Of(sample) <= series.SealedUpTo);
        if (_open.Count > 0)
        {
            _columns.CopyFrom(CollectionsMarshal.AsSpan(_open));
            windows.Add(_columns.ForWindow, _columns.Times);
        }
    }
}
