using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>What was deleted of a check.</summary>
internal sealed record ForgottenCheck(string Id, int Series, long Samples, long Summaries, long Bytes, long FreedBytes);

/// <summary>Deletes a check with all that was stored of it. Broken off, it can be done again.</summary>
internal static class Forgetting
{
    /// <summary>Deletes it, and gives its room back to the disk.</summary>
    /// <param name="connection">The store, open for writing.</param>
    /// <param name="id">The check's id.</param>
    /// <returns>What went; null when there is no such check.</returns>
    public static ForgottenCheck? Forget(StoreConnection connection, string id)
    {
        var all = SeriesRows.Read(connection).ToList();
        var series = all.Where(one => one.Key.Check.Value == id).ToDictionary(one => one.Id, one => one.SealedUpTo);
        if (series.Count == 0 && !IsNamed(connection, id))
        {
            return null;
        }
        var before = connection.Dialect.BytesOnDisk(connection);
        var gone = new ExpiryTally();
        foreach (var one in series.Keys)
        {
            DropBlocks(connection, one, gone);
        }
        var open = connection.Write(() =>
        {
            var dropped = DropFromJournal(connection, series);
            DropRows(connection, [.. series.Keys], id);
            return dropped;
        });
        while (connection.Dialect.GiveBack(connection))
        {
            // a piece at a time
        }
        return new ForgottenCheck(
            id, series.Count, gone.Samples + open, gone.Summaries, gone.RawBytes,
            Math.Max(0, before - connection.Dialect.BytesOnDisk(connection)));
    }

    private static bool IsNamed(StoreConnection connection, string id)
    {
        using var find = connection.Prepare("SELECT 1 FROM check_ WHERE id = $1");
        using var rows = find.Query(id);
        return rows.Read();
    }

    private static void DropBlocks(StoreConnection connection, int series, ExpiryTally gone)
    {
        using var table = new ExpiryTable(connection);
        BlockKey? at = BlockKey.BeforeAll;
        while (at is { } behind)
        {
            at = connection.Write(() =>
            {
                var next = table.DropWhole(series, behind, long.MaxValue, gone);
                table.WriteSpace();
                return next;
            });
        }
    }

    // Rows hold samples of many series: each that has some of these is written anew without them.
    private static long DropFromJournal(StoreConnection connection, Dictionary<int, SampleIdentity> series)
    {
        using var journal = new JournalTable(connection);
        var dropped = new HashSet<(int, SampleIdentity)>();   // a row may repeat what an earlier one has
        foreach (var (row, packed) in JournalTable.Read(connection).ToList())
        {
            var kept = new PackedSamples();
            var reader = new PackedSampleReader(packed.Span);
            var had = 0;
            while (reader.TryRead(out var id, out var sample))
            {
                had++;
                if (!series.TryGetValue(id, out var sealedUpTo))
                {
                    kept.Add(id, sample);
                }
                else if (SampleIdentity.Of(sample) > sealedUpTo)
                {
                    dropped.Add((id, SampleIdentity.Of(sample)));   // the others are counted with the blocks
                }
            }
            if (kept.Count < had)
            {
                journal.Replace(row, kept);
            }
        }
        return dropped.Count;
    }

    private static void DropRows(StoreConnection connection, List<int> series, string id)
    {
        foreach (var table in (ReadOnlySpan<string>)["block_bytes", "block", "day", "day_due"])
        {
            using var drop = connection.Prepare($"DELETE FROM {table} WHERE series_id = $1");
            foreach (var one in series)
            {
                drop.Execute(one);
            }
        }
        using var forget = connection.Prepare("INSERT INTO forgotten (series_id) VALUES ($1) ON CONFLICT DO NOTHING");
        using var dropSeries = connection.Prepare("DELETE FROM series WHERE id = $1");
        foreach (var one in series)
        {
            forget.Execute(one);
            dropSeries.Execute(one);
        }
        using var dropMarks = connection.Prepare("DELETE FROM mark WHERE check_id = $1");
        dropMarks.Execute(id);
        using var dropCheck = connection.Prepare("DELETE FROM check_ WHERE id = $1");
        dropCheck.Execute(id);
    }
}
