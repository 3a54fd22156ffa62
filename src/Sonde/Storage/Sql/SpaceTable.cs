namespace Sonde.Storage.Sql;

/// <summary>
/// The table <c>space</c>: how many blocks, samples and bytes there are of each UTC day, over all series, so that
/// nothing must be read to know what a size limit lets go. A block counts for the day of its latest sample. One caller.
/// </summary>
internal sealed class SpaceTable(StoreConnection connection) : IDisposable
{
    /// <summary>What the summary of a block takes beside its sketch, about, in bytes.</summary>
    public const int SummaryLength = 100;

    private readonly SqlStatement _add = connection.Prepare(
        """
        INSERT INTO space (day_ms, blocks, samples, summary_bytes, raw_samples, raw_bytes)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (day_ms) DO UPDATE SET
          blocks = space.blocks + excluded.blocks, samples = space.samples + excluded.samples,
          summary_bytes = space.summary_bytes + excluded.summary_bytes,
          raw_samples = space.raw_samples + excluded.raw_samples, raw_bytes = space.raw_bytes + excluded.raw_bytes
        """);

    private readonly Dictionary<long, Space> _changes = [];

    /// <summary>A block with its summary is there (+1) or not any more (-1).</summary>
    public void Count(int sign, long latestMilliseconds, long samples, int sketchLength) => Add(
        latestMilliseconds, new Space(sign, sign * samples, sign * (SummaryLength + sketchLength), 0, 0));

    /// <summary>The packed samples of a block are there (+1) or not any more (-1).</summary>
    public void CountRaw(int sign, long latestMilliseconds, long samples, long bytes) =>
        Add(latestMilliseconds, new Space(0, 0, 0, sign * samples, sign * bytes));

    /// <summary>Writes what was counted, within the transaction that made it so.</summary>
    public void Write()
    {
        foreach (var (day, change) in _changes)
        {
            _add.Execute(
                day, change.Blocks, change.Samples, change.SummaryBytes, change.RawSamples, change.RawBytes);
        }
        _changes.Clear();
    }

    /// <summary>The transaction failed.</summary>
    public void Forget() => _changes.Clear();

    /// <summary>What there is of each day, in time order.</summary>
    public static List<(long Day, Space Space)> Read(StoreConnection connection)
    {
        var days = new List<(long, Space)>();
        using var statement = connection.Prepare(
            "SELECT day_ms, blocks, samples, summary_bytes, raw_samples, raw_bytes FROM space ORDER BY day_ms");
        using var rows = statement.Query();
        while (rows.Read())
        {
            days.Add((rows.GetInt64(0), new Space(
                rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5))));
        }
        return days;
    }

    /// <inheritdoc/>
    public void Dispose() => _add.Dispose();

    private void Add(long latestMilliseconds, Space change)
    {
        var day = DayTable.DayOf(latestMilliseconds);
        _changes[day] = _changes.GetValueOrDefault(day) + change;
    }
}

/// <summary>How many blocks there are, their samples, and what they take.</summary>
/// <param name="Blocks">How many blocks.</param>
/// <param name="Samples">How many samples are in them, or were.</param>
/// <param name="SummaryBytes">What their summaries take.</param>
/// <param name="RawSamples">How many samples are there one by one.</param>
/// <param name="RawBytes">What those take, packed.</param>
internal readonly record struct Space(
    long Blocks, long Samples, long SummaryBytes, long RawSamples, long RawBytes)
{
    /// <summary>Both together.</summary>
    public static Space operator +(Space left, Space right) => new(
        left.Blocks + right.Blocks, left.Samples + right.Samples, left.SummaryBytes + right.SummaryBytes,
        left.RawSamples + right.RawSamples, left.RawBytes + right.RawBytes);
}
