using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>What is in a store, and what it takes.</summary>
internal sealed record StoreReport
{
    /// <summary>The version of its tables.</summary>
    public required long Version { get; init; }

    /// <summary>How large it is on the disk, in bytes; 0 = not known.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many of these are free for what comes next.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>The blocks: their summaries, and the samples in them.</summary>
    public required Space Blocks { get; init; }

    /// <summary>What the summaries of days take.</summary>
    public required long DayBytes { get; init; }

    /// <summary>What the journal takes.</summary>
    public required long JournalBytes { get; init; }

    /// <summary>How many samples are in no block yet.</summary>
    public required long OpenSamples { get; init; }

    /// <summary>How many series there are.</summary>
    public required int Series { get; init; }

    /// <summary>The earliest and the latest time; null when there is no sample.</summary>
    public required (long EarliestMilliseconds, long LatestMilliseconds)? Span { get; init; }

    /// <summary>All checks in the order of their ids.</summary>
    public required IReadOnlyList<CheckReport> Checks { get; init; }

    /// <summary>How many samples there are or were, all told.</summary>
    public long Samples => Blocks.Samples + OpenSamples;

    /// <summary>Reads it from a snapshot.</summary>
    /// <param name="snapshot">The store.</param>
    /// <param name="withChecks">True to read what each check has, which reads all summaries.</param>
    public static StoreReport Read(StoreSnapshot snapshot, bool withChecks)
    {
        var connection = snapshot.Connection;
        var blocks = SpaceTable.Read(connection).Aggregate(default(Space), (sum, day) => sum + day.Space);
        var spans = snapshot.Series.ToDictionary(series => series, series => SpanOf(connection, series));
        var known = spans.Values.OfType<(long Earliest, long Latest)>().ToList();
        return new StoreReport
        {
            Version = connection.Dialect.Version(connection),
            Bytes = connection.Dialect.BytesOnDisk(connection),
            FreeBytes = connection.Dialect.FreeBytes(connection),
            Blocks = blocks,
            DayBytes = connection.Number(
                $"SELECT COALESCE(SUM(length(hours) + length(sketch) + {SpaceTable.SummaryLength}), 0) FROM day"),
            JournalBytes = connection.Number("SELECT COALESCE(SUM(length(bytes)), 0) FROM journal"),
            OpenSamples = snapshot.Series.Sum(series => (long)series.Stored.Open.Count),
            Series = snapshot.Series.Count,
            Span = known.Count == 0 ? null : (known.Min(span => span.Earliest), known.Max(span => span.Latest)),
            Checks = [.. snapshot.Checks.Select(check => ReadCheck(connection, check, spans, withChecks))],
        };
    }

    private static CheckReport ReadCheck(
        StoreConnection connection, StoredCheck check,
        Dictionary<SnapshotSeries, (long Earliest, long Latest)?> spans, bool isWhole)
    {
        var own = spans.Where(one => one.Key.Key.Check.Value == check.Id).ToList();
        var known = own.Select(one => one.Value).OfType<(long Earliest, long Latest)>().ToList();
        using var sum = connection.Prepare(
            "SELECT COALESCE(SUM(sent), 0), COALESCE(SUM(lost), 0) FROM block WHERE series_id = $1");
        var (samples, lost) = (0L, 0L);
        foreach (var (series, _) in isWhole ? own : [])
        {
            using var rows = sum.Query(series.Stored.Id);
            rows.Read();
            samples += rows.GetInt64(0) + series.Stored.Open.Count;
            lost += rows.GetInt64(1);
        }
        return new CheckReport(
            check.Id, check.Name, check.IsHidden, own.Count, samples, lost,
            known.Count == 0 ? null : (known.Min(span => span.Earliest), known.Max(span => span.Latest)));
    }

    // The two ends of the key, and what is open: no more is read.
    private static (long Earliest, long Latest)? SpanOf(StoreConnection connection, SnapshotSeries series)
    {
        var times = new List<long>();
        foreach (var order in (ReadOnlySpan<string>)["", " DESC"])
        {
            using var statement = connection.Prepare(
                $"SELECT first_ms, last_ms FROM block WHERE series_id = $1 ORDER BY first_ms{order} LIMIT 1");
            using var rows = statement.Query(series.Stored.Id);
            if (rows.Read())
            {
                times.AddRange([rows.GetInt64(0), rows.GetInt64(1)]);
            }
        }
        var open = new List<Sample>();
        StoredSeries.Unpack(series.Stored.Open.Bytes, default, open);
        times.AddRange(open.Select(sample => sample.SentAtMilliseconds));
        return times.Count == 0 ? null : (times.Min(), times.Max());
    }
}

/// <summary>What a store has of a check.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsHidden">True when it is not configured any more.</param>
/// <param name="Series">How many series it has.</param>
/// <param name="Samples">How many samples, when asked for.</param>
/// <param name="Lost">How many of those in blocks were lost, when asked for.</param>
/// <param name="Span">The earliest and the latest time; null when there is no sample.</param>
internal sealed record CheckReport(
    string Id, string Name, bool IsHidden, int Series, long Samples, long Lost,
    (long EarliestMilliseconds, long LatestMilliseconds)? Span);
