using System.Diagnostics;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// Deletes what a policy does not keep, in turns that are a transaction each, and then gives the room back to the disk.
/// One caller at a time.
/// </summary>
internal sealed class RetentionWork(RetentionPolicy policy, long nowMilliseconds) : IDisposable
{
    // A turn is over after this, and its commit: an append that comes meanwhile waits so long.
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(20);

    private readonly ExpiryTally _gone = new();
    private IEnumerator<bool>? _pieces;
    private StoreSession _session = null!;
    private ExpiryTable? _table;
    private long _bytesBefore;
    private long _wholeFrom = long.MinValue;
    private long _rawFrom = long.MinValue;
    private bool _hasDropped;

    /// <summary>What was done so far.</summary>
    public RetentionResult Result { get; private set; } = new();

    /// <summary>Does the next turn.</summary>
    /// <returns>False when nothing is left to do.</returns>
    /// <exception cref="System.Data.Common.DbException">
    /// Nothing of this turn was done; the work must not go on.
    /// </exception>
    public bool Turn(StoreSession session)
    {
        _session = session;
        if (_pieces is null)
        {
            _pieces = Pieces().GetEnumerator();
            _bytesBefore = session.Connection.Dialect.BytesOnDisk(session.Connection);
        }
        if (DeleteInTurn() || DropEmptyParts() || session.Connection.Dialect.GiveBack(session.Connection))
        {
            return true;
        }
        Conclude();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pieces?.Dispose();
        _table?.Dispose();
    }

    private bool DeleteInTurn()
    {
        using var table = _table = new ExpiryTable(_session.Connection);
        return _session.Connection.Write(() =>
        {
            var began = Stopwatch.GetTimestamp();
            var isMore = true;
            while (isMore && Stopwatch.GetElapsedTime(began) < TurnTime)
            {
                isMore = _pieces!.MoveNext();
            }
            table.WriteSpace();
            return isMore;
        });
    }

    // Where tables have parts by time, those that are empty now go: that is how such an engine gives room back.
    private bool DropEmptyParts()
    {
        if (_session.Connection.Partitions is { } parts && !_hasDropped)
        {
            parts.DropBefore("block", _wholeFrom);
            parts.DropBefore("day", _wholeFrom);
            parts.DropBefore("block_bytes", Math.Max(_wholeFrom, _rawFrom));
        }
        _hasDropped = true;
        return false;
    }

    // Each element is a piece of some milliseconds at most.
    private IEnumerable<bool> Pieces()
    {
        var all = _session.Series.ListIds();
        var summariesFrom = _wholeFrom = FirstKeptDay();
        if (summariesFrom > long.MinValue)
        {
            foreach (var series in all)
            {
                for (BlockKey? at = BlockKey.BeforeAll; at is { } behind;)
                {
                    at = _table!.DropWhole(series, behind, summariesFrom, _gone);
                    yield return true;
                }
                _table!.DropDays(series, summariesFrom);
            }
        }
        _table!.WriteSpace();
        var from = OldestTime(policy.RawAge);
        if (FindFullDay() is var (day, room))
        {
            var minutes = new long[DayTable.DayMilliseconds / ExpiryTable.MinuteMilliseconds];
            foreach (var series in all)
            {
                if (_session.Series.Find(series) is { } found)
                {
                    _table!.AddBytes(found.ToReadable(), day, minutes);
                }
                yield return true;
            }
            from = Math.Max(from, FirstThatFits(day, minutes, room));
        }
        _rawFrom = from;
        foreach (var series in all)
        {
            for (BlockKey? at = BlockKey.BeforeAll; at is { } behind;)
            {
                at = _table!.DropRaw(series, behind, from, _gone);
                yield return true;
            }
        }
    }

    private long OldestTime(TimeSpan? age) =>
        age is { } kept ? nowMilliseconds - (long)kept.TotalMilliseconds : long.MinValue;

    // Summaries go by whole days, so that a day's own summary never counts what its blocks do not.
    private long FirstKeptDay()
    {
        var from = policy.SummaryAge is null ? long.MinValue : DayTable.DayOf(OldestTime(policy.SummaryAge));
        if (policy.SummaryBytes is { } limit)
        {
            var left = limit;
            var days = SpaceTable.Read(_session.Connection);
            foreach (var (day, space) in Enumerable.Reverse(days))
            {
                left -= space.SummaryBytes;
                if (left < 0)
                {
                    return Math.Max(from, Math.Min(day + DayTable.DayMilliseconds, days[^1].Day));
                }
            }
        }
        return from;
    }

    /// <summary>The newest day whose samples do not all fit any more, and how many of its bytes do.</summary>
    private (long Day, long Room)? FindFullDay()
    {
        var room = policy.RawBytes ?? long.MaxValue;
        foreach (var (day, space) in Enumerable.Reverse(SpaceTable.Read(_session.Connection)))
        {
            if (space.RawBytes > room)
            {
                return (day, room);
            }
            room -= space.RawBytes;
        }
        return null;
    }

    private static long FirstThatFits(long day, long[] minutes, long room)
    {
        var minute = minutes.Length;
        while (minute > 0 && minutes[minute - 1] <= room)
        {
            room -= minutes[--minute];
        }
        return day + (minute * ExpiryTable.MinuteMilliseconds);
    }

    private void Conclude()
    {
        var connection = _session.Connection;
        var kept = SpaceTable.Read(connection).Aggregate(default(Space), (sum, day) => sum + day.Space);
        var bytes = connection.Dialect.BytesOnDisk(connection);
        Result = new RetentionResult
        {
            Samples = _gone.Samples,
            RawBytes = _gone.RawBytes,
            Summaries = _gone.Summaries,
            Series = _gone.Series,
            Span = _gone.Span,
            FreedBytes = Math.Max(0, _bytesBefore - bytes),
            StoreBytes = bytes,
            KeptRawBytes = kept.RawBytes,
            KeptSummaries = kept.Blocks,
            OldestMilliseconds = _gone.OldestKept,
        };
    }
}
