using System.Data.Common;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>Stores batches of samples. One caller at a time.</summary>
/// <remarks>
/// One transaction an append: (1) full series are sealed into blocks, from what earlier appends left open; (2) samples
/// that belong into blocks go there; (3) the batch is written to the journal; (4) journal rows that nothing needs any
/// more are deleted. Only when that is durable, (5) the open samples in memory change; so a transaction that fails
/// leaves memory and disk as they were.
/// </remarks>
internal sealed class SampleWriter : IDisposable
{
    // A commit seals at most so many series: 10,000 that fill up at once must not make one long commit.
    private const int MaxSealsAnAppend = 256;

    // Likewise days that are over.
    private const int MaxDaysAnAppend = 4;

    private readonly StoreConnection _connection;
    private readonly SeriesTable _series;
    private readonly JournalTable _journal;
    private readonly BlockTable _blocks;
    private readonly DayTable _days;
    private readonly SpaceTable _sizes;
    private readonly RunTable _runs;
    private readonly TimeProvider _time;
    private readonly JournalSpace _space = new();
    private readonly OpenSamples _open;
    private readonly PackedSamples _packed = new();
    private readonly Queue<StoredSeries> _full = new();
    private readonly List<Sealing> _sealing = [];
    private readonly List<Sample> _scratch = [];
    private readonly Dictionary<StoredSeries, List<Sample>> _late = [];
    private long _nextRow = 1;
    private long _sealIdleBefore = long.MinValue;
    private long _trimmedBefore;

    public SampleWriter(StoreConnection connection, SeriesTable series, RunTable runs, TimeProvider time)
    {
        _connection = connection;
        _series = series;
        _runs = runs;
        _time = time;
        _journal = new JournalTable(connection);
        _days = new DayTable(connection);
        _sizes = new SpaceTable(connection);
        _blocks = new BlockTable(connection, _days, _sizes);
        _open = new OpenSamples(_space.Opened);
    }

    /// <summary>Reads from the journal what is open; once, before all else.</summary>
    /// <param name="tellDamage">Told of each damaged row, in a sentence.</param>
    public void Load(Action<string> tellDamage)
    {
        foreach (var (row, packed) in JournalTable.Read(_connection))
        {
            if (!_open.AddRow(packed.Span, _series.Find, row))
            {
                tellDamage(FormattableString.Invariant(
                    $"Row {row} of the journal is damaged: samples in it are lost."));
            }
            _space.AddRow(row, packed.Length);
            _nextRow = row + 1;
        }
        _open.Settle();
        _space.Update(_nextRow);
        _days.Load(NowMilliseconds);
    }

    /// <summary>Stores a batch whole or not at all.</summary>
    /// <exception cref="DbException">It is not stored, and nothing has changed.</exception>
    public void Append(ReadOnlyMemory<Sample> batch)
    {
        try
        {
            _connection.Write(() => Write(batch.Span));
        }
        catch
        {
            Forget();
            throw;
        }
        Apply(batch.Span);
    }

    /// <summary>
    /// Puts what is open of series into blocks that have had no sample sent since a time, some of them at a time.
    /// </summary>
    /// <returns>True when there may be more.</returns>
    /// <exception cref="DbException">Nothing has changed.</exception>
    public bool SealIdle(long beforeMilliseconds)
    {
        _sealIdleBefore = beforeMilliseconds;
        try
        {
            Append(ReadOnlyMemory<Sample>.Empty);
            return _sealing.Count > 0;
        }
        finally
        {
            _sealIdleBefore = long.MinValue;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal.Dispose();
        _blocks.Dispose();
        _days.Dispose();
        _sizes.Dispose();
    }

    private bool Write(ReadOnlySpan<Sample> batch)
    {
        SealFull();
        Pack(batch);
        MergeLate();
        _days.MakeDue(MaxDaysAnAppend, _series.Find, NowMilliseconds);   // of all blocks that this append writes
        _sizes.Write();
        _runs.NoteRunOf(batch);
        if (_packed.Count > 0)
        {
            _journal.Append(_nextRow, _packed);
        }
        if (_space.FirstKept > _trimmedBefore)
        {
            _journal.Trim(_space.FirstKept);
        }
        return true;
    }

    private void SealFull()
    {
        _sealing.Clear();
        foreach (var series in _full.Where(series => series.IsInLine).Take(MaxSealsAnAppend))
        {
            Seal(series, isWhole: false);
        }
        foreach (var series in _series.FindIdle(_sealIdleBefore).Take(MaxSealsAnAppend))
        {
            Seal(series, isWhole: true);
        }
        if (_space.IsTight)
        {
            foreach (var series in _space.Oldest().Take(MaxSealsAnAppend))
            {
                Seal(series, isWhole: true);
            }
        }
    }

    // A series is sealed up to where a block should end; what comes behind that is written into the journal anew.
    private void Seal(StoredSeries series, bool isWhole)
    {
        if (series.IsSealing || series.Open.Count == 0)
        {
            return;
        }
        _scratch.Clear();
        StoredSeries.Unpack(series.Open.Bytes, default, _scratch);
        var samples = CollectionsMarshal.AsSpan(_scratch);
        var end = isWhole ? samples.Length : _blocks.FindEnd(samples);
        var last = _blocks.Append(series, samples[..end]);
        series.SealingUpTo = SampleIdentity.Of(samples[end - 1]);
        series.IsSealing = true;
        _series.WriteBlocksState(series);
        var rest = samples[end..];
        var nextCut = rest.IsEmpty ? long.MaxValue : NextCut(last, rest[0].SentAtMilliseconds);
        _sealing.Add(new Sealing(series, rest.ToArray(), nextCut));
    }

    // A steady series has its next round boundary as long after this one as this one came after the last. Some samples
    // more are awaited: they slip by milliseconds, and a block that were cut a sample early would miss the boundary. A
    // block that is short because a week ended says nothing about the next.
    private static long NextCut(WrittenBlock last, long endMilliseconds)
    {
        var duration = endMilliseconds - last.FirstMilliseconds;
        return last.Count < StoredSeries.SmallestBlock ? long.MaxValue : endMilliseconds + duration + (duration / 64);
    }

    private void Pack(ReadOnlySpan<Sample> batch)
    {
        _packed.Clear();
        foreach (var (series, rest, _) in _sealing)
        {
            foreach (var sample in rest)
            {
                _packed.Add(series.Id, sample);
            }
        }
        foreach (ref readonly var sample in batch)
        {
            var series = _series.GetOrAdd(sample.Series);
            if (SampleIdentity.Of(sample) <= series.BlocksEnd)
            {
                ref var late = ref CollectionsMarshal.GetValueRefOrAddDefault(_late, series, out _);
                (late ??= []).Add(sample);
            }
            else
            {
                _packed.Add(series.Id, sample);
            }
        }
    }

    private void MergeLate()
    {
        foreach (var (series, late) in _late)
        {
            _blocks.Merge(series, SampleOrder.Distinct(late));
            _series.WriteBlocksState(series);
        }
    }

    private void Forget()
    {
        foreach (var series in _late.Keys)
        {
            series.LastBlock = null;
        }
        foreach (var (series, _, _) in _sealing)
        {
            series.IsSealing = false;
            series.LastBlock = null;
        }
        _late.Clear();
        _days.Forget();
        _sizes.Forget();
        _series.Forget();
        _runs.Forget();
    }

    private void Apply(ReadOnlySpan<Sample> batch)
    {
        _late.Clear();
        _days.Save(NowMilliseconds);
        _runs.Save();
        _series.Save();
        lock (_series.Gate)
        {
            foreach (var (series, rest, nextCut) in _sealing)
            {
                series.Seal(rest, _nextRow, nextCut);
                if (rest.Length > 0)
                {
                    _space.Opened(series, _nextRow);
                }
            }
            foreach (ref readonly var sample in batch)
            {
                var series = _series.GetOrAdd(sample.Series);
                _open.Add(series, sample, _nextRow);
                if (series.IsFull && !series.IsInLine)
                {
                    series.IsInLine = true;
                    _full.Enqueue(series);
                }
            }
            _open.Settle();
        }
        while (_full.TryPeek(out var first) && !first.IsInLine)
        {
            _full.Dequeue();
        }
        AccountJournal();
    }

    private void AccountJournal()
    {
        if (_space.FirstKept > _trimmedBefore)
        {
            _trimmedBefore = _space.FirstKept;
            _space.Trimmed(_trimmedBefore);
        }
        if (_packed.Count > 0)
        {
            _space.AddRow(_nextRow, _packed.Length);
            _nextRow++;
        }
        _space.Update(_nextRow);
    }

    private long NowMilliseconds => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly record struct Sealing(StoredSeries Series, Sample[] Rest, long NextCutMilliseconds);
}
