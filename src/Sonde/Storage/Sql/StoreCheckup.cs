using System.Data.Common;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// Reads everything in a store and says what is damaged: the engine's own structures, each block and its summary, each
/// day, each row of the journal. Changes nothing; another process may be writing.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="tell">Told of each damage, in a sentence.</param>
/// <param name="progress">Told how many series of how many are done.</param>
internal sealed class StoreCheckup(IStoreDatabase database, Action<string> tell, Action<int, int> progress)
{
    /// <summary>How many things are damaged so far.</summary>
    public long Damages { get; private set; }

    /// <summary>How many blocks were read.</summary>
    public long Blocks { get; private set; }

    /// <summary>How many samples were read.</summary>
    public long Samples { get; private set; }

    /// <summary>How many days were read.</summary>
    public long Days { get; private set; }

    /// <summary>How many rows of the journal were read.</summary>
    public long JournalRows { get; private set; }

    /// <summary>Reads it all.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened at all.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        using var connection = Open();
        Try("The structure of the database", () =>
        {
            foreach (var finding in connection.Dialect.FindDamage(connection))
            {
                Tell($"The structure of the database is damaged: {finding}.");
            }
        });
        List<StoredSeries> all = [];
        Try("The list of series", () => all = [.. SeriesRows.Read(connection)]);
        Try("The journal", () => CheckJournal(connection, all.ToDictionary(series => series.Id)));
        for (var place = 0; place < all.Count; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress(place, all.Count);
            CheckSeries(connection, all[place].Id, NameOf(all[place].Key), cancellationToken);
        }
        Try("The tables of checks, marks and runs", () => CheckSmallTables(connection));
        progress(all.Count, all.Count);
    }

    private StoreConnection Open()
    {
        try
        {
            return database.OpenForReading();
        }
        catch (DbException fault)
        {
            throw database.Explain(fault);
        }
    }

    // A snapshot a series: one over all of it would keep a running sonde from ever shortening its log of writes.
    private void CheckSeries(StoreConnection connection, int id, string name, CancellationToken cancellationToken)
    {
        Try($"What is stored of {name}", () =>
        {
            using var snapshot = connection.Snapshot();
            var series = ReadableSeries.Read(connection, id);
            var blocks = new BlockCheckup(connection, series, name, Tell);
            Try($"The blocks of {name}", () => blocks.Run(cancellationToken));
            (Blocks, Samples) = (Blocks + blocks.Blocks, Samples + blocks.Samples);
            Try($"The days of {name}", () =>
                Days += DayCheckup.Run(connection, series, name, blocks.GoneUpTo, Tell, cancellationToken));
        });
    }

    private void CheckJournal(StoreConnection connection, Dictionary<int, StoredSeries> series)
    {
        using var snapshot = connection.Snapshot();
        foreach (var (row, packed) in JournalTable.Read(connection))
        {
            JournalRows++;
            var reader = new PackedSampleReader(packed.Span);
            var count = 0;
            var isKnown = true;
            while (reader.TryRead(out var id, out _))
            {
                count++;
                isKnown &= series.ContainsKey(id);
            }
            if (packed.IsEmpty || reader.IsDamaged)
            {
                Tell(FormattableString.Invariant($"Row {row} of the journal is damaged: samples in it are lost."));
            }
            else if (!isKnown)
            {
                Tell(FormattableString.Invariant(
                    $"Row {row} of the journal has samples of a series that is not there."));
            }
        }
    }

    private static void CheckSmallTables(StoreConnection connection)
    {
        foreach (var columns in (ReadOnlySpan<string>)
            ["id, name, kind, address, hidden FROM check_", "at_ms, kind, check_id, text FROM mark",
            "number, began_ms FROM run", "series_id, day_ms FROM day_due",
            "day_ms, blocks, samples, summary_bytes, raw_samples, raw_bytes FROM space"])
        {
            using var statement = connection.Prepare($"SELECT {columns}");
            using var rows = statement.Query();
            while (rows.Read())
            {
                for (var column = 0; column < rows.FieldCount; column++)
                {
                    rows.GetValue(column);
                }
            }
        }
    }

    private void Try(string what, Action check)
    {
        try
        {
            check();
        }
        catch (DbException fault)
        {
            Tell($"{what} cannot be read to its end: {database.Explain(fault).Message}");
        }
        catch (Exception error) when (error is FormatException or InvalidCastException or OverflowException
            or ArgumentException)
        {
            Tell($"{what} cannot be read to its end: a value in it is damaged ({error.Message.TrimEnd('.')}).");
        }
    }

    private void Tell(string damage)
    {
        Damages++;
        tell(damage);
    }

    private static string NameOf(SeriesKey key) => FormattableString.Invariant(
        $"check {key.Check.Value} ({key.VantagePoint}, IPv{key.Family}, {key.Quantity.Name})");
}
