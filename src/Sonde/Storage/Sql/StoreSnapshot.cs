using System.Data.Common;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// A store as it stands now, read from its file alone: nothing is locked or changed, and another process may be
/// writing.
/// </summary>
internal sealed class StoreSnapshot : IDisposable
{
    private readonly IStoreDatabase _database;
    private readonly StoreConnection _connection;
    private readonly IDisposable _snapshot;
    private readonly List<string> _damage = [];
    private readonly List<StoredCheck> _checks = [];

    private StoreSnapshot(IStoreDatabase database, StoreConnection connection)
    {
        (_database, _connection) = (database, connection);
        _snapshot = connection.Snapshot();
        var series = SeriesRows.Read(connection).ToList();
        Series = [.. series.Select((one, number) => new SnapshotSeries(one, number))];
        ReadOpen(series);
        ReadChecks();
    }

    /// <summary>All series in the order of check id, vantage point, family, quantity.</summary>
    public IReadOnlyList<SnapshotSeries> Series { get; }

    /// <summary>The database, within the snapshot.</summary>
    internal StoreConnection Connection => _connection;

    /// <summary>All checks in the order of their ids; those of which only series are known come last.</summary>
    public IReadOnlyList<StoredCheck> Checks => _checks;

    /// <summary>What could not be read so far, in sentences.</summary>
    public IReadOnlyList<string> Damage => _damage;

    /// <summary>The ids, names and addresses of all checks.</summary>
    public IEnumerable<string> CheckNames =>
        _checks.SelectMany(check => (string[])[check.Id, check.Name, check.Address]).Distinct();

    /// <summary>Opens a store that is there.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">There is no store in it.</exception>
    /// <exception cref="StoreRefusedException">A newer version, or another program, wrote it.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public static StoreSnapshot Open(IStoreDatabase database)
    {
        StoreConnection? connection = null;
        try
        {
            connection = database.OpenForReading();
            return new StoreSnapshot(database, connection);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            throw error is DbException fault ? database.Explain(fault) : error;
        }
    }

    /// <summary>The ids of the checks with that id, name or address.</summary>
    public List<string> FindChecks(string target) =>
    [
        .. _checks.Where(check => check.Id == target || check.Name == target || check.Address == target)
            .Select(check => check.Id),
    ];

    /// <summary>The samples of a series in the order of round and index, in batches; constant memory.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be read on.</exception>
    public IEnumerable<List<Sample>> Read(SnapshotSeries series, long fromMilliseconds, long toMilliseconds)
    {
        var span = new SeriesSpan(series.Stored.Id, series.Handle, fromMilliseconds, toMilliseconds);
        using var batches = SampleReader
            .Read(_connection, span, series.Stored.Open.Bytes.ToArray(), _damage.Add).GetEnumerator();
        while (Next(batches))
        {
            yield return batches.Current;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _snapshot.Dispose();
        _connection.Dispose();
        _database.Dispose();
    }

    private bool Next(IEnumerator<List<Sample>> batches)
    {
        try
        {
            return batches.MoveNext();
        }
        catch (DbException fault)
        {
            throw _database.Explain(fault);
        }
    }

    private void ReadOpen(List<StoredSeries> series)
    {
        var byId = series.ToDictionary(one => one.Id);
        var open = new OpenSamples((_, _) => { });
        foreach (var (row, packed) in JournalTable.Read(_connection))
        {
            if (!open.AddRow(packed.Span, byId.GetValueOrDefault, row))
            {
                _damage.Add(FormattableString.Invariant(
                    $"Row {row} of the journal is damaged: samples in it are lost."));
            }
        }
        open.Settle();
    }

    private void ReadChecks()
    {
        using var statement = _connection.Prepare("SELECT id, name, address, hidden FROM check_ ORDER BY id");
        using (var rows = statement.Query())
        {
            while (rows.Read())
            {
                _checks.Add(new StoredCheck(
                    rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetInt64(3) != 0));
            }
        }
        var known = _checks.Select(check => check.Id).ToHashSet();
        _checks.AddRange(Series.Select(one => one.Key.Check.Value).Where(known.Add)
            .Select(id => new StoredCheck(id, id, id, IsHidden: true)));
    }
}

/// <summary>A check as the store knows it.</summary>
internal sealed record StoredCheck(string Id, string Name, string Address, bool IsHidden);

/// <summary>A series of a snapshot.</summary>
internal sealed class SnapshotSeries(StoredSeries stored, int number)
{
    /// <summary>Its key.</summary>
    public SeriesKey Key => Stored.Key;

    /// <summary>The handle that its samples have: its place in the snapshot's list.</summary>
    public SeriesHandle Handle { get; } = new(number);

    /// <summary>The series with what is open of it.</summary>
    internal StoredSeries Stored { get; } = stored;
}
