namespace Sonde.Storage.Sql;

/// <summary>
/// Knows how much room the journal takes, which rows still hold the only copy of a sample, and which series must be
/// sealed so that rows can go. A row goes when all its samples are in blocks.
/// </summary>
internal sealed class JournalSpace
{
    /// <summary>
    /// Beyond this the oldest open series are sealed though they are not full: what a start reads stays small.
    /// </summary>
    public const long MaxBytes = 32 << 20;

    /// <summary>The same in rows: small appends cost a row each.</summary>
    public const int MaxRows = 65_536;

    private readonly Queue<(long Row, int Bytes)> _rows = new();
    private readonly Queue<(StoredSeries Series, long Since)> _opened = new();
    private long _bytes;

    /// <summary>The bytes of the rows that are kept.</summary>
    public long Bytes => _bytes;

    /// <summary>True when the oldest series should be sealed early.</summary>
    public bool IsTight => _bytes > MaxBytes || _rows.Count > MaxRows;

    /// <summary>The first row that must be kept.</summary>
    public long FirstKept { get; private set; }

    /// <summary>A row was written.</summary>
    public void AddRow(long row, int bytes)
    {
        _rows.Enqueue((row, bytes));
        _bytes += bytes;
    }

    /// <summary>A series that had no open sample has one since that row.</summary>
    public void Opened(StoredSeries series, long row) => _opened.Enqueue((series, row));

    /// <summary>The series whose open samples are oldest, oldest first.</summary>
    public IEnumerable<StoredSeries> Oldest() => _opened.Where(IsOpen).Select(opened => opened.Series);

    /// <summary>Finds anew which rows must be kept; <paramref name="next"/> is the row that comes next.</summary>
    public void Update(long next)
    {
        while (_opened.TryPeek(out var oldest) && !IsOpen(oldest))
        {
            _opened.Dequeue();
        }
        FirstKept = _opened.TryPeek(out var first) ? first.Since : next;
    }

    /// <summary>The rows before <paramref name="firstKept"/> are gone.</summary>
    public void Trimmed(long firstKept)
    {
        while (_rows.TryPeek(out var oldest) && oldest.Row < firstKept)
        {
            _bytes -= _rows.Dequeue().Bytes;
        }
    }

    private static bool IsOpen((StoredSeries Series, long Since) opened) =>
        opened.Series.Open.Count > 0 && opened.Series.OpenSince == opened.Since;
}
