using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Storage.Sql;

/// <summary>
/// The table <c>series</c> in memory, with what is open of each. The writer changes it; <see cref="Gate"/> guards
/// readers.
/// </summary>
internal sealed class SeriesTable(StoreConnection connection, SeriesCatalog catalog) : IDisposable
{
    private readonly SqlStatement _insert = connection.Prepare(
        """
        INSERT INTO series (id, check_id, vantage_point, family, quantity, unit, longest_ms, is_stepped)
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0)
        """);

    private readonly SqlStatement _seal = connection.Prepare(
        "UPDATE series SET sealed_round = $2, sealed_index = $3, longest_ms = $4, is_stepped = $5 WHERE id = $1");

    private readonly Dictionary<SeriesKey, StoredSeries> _byKey = [];
    private readonly Dictionary<int, StoredSeries> _byId = [];
    private readonly List<StoredSeries> _unsaved = [];
    private StoredSeries?[] _byHandle = new StoredSeries?[64];
    private int _lastId;

    /// <summary>Held while open samples or keys change, and while a reader copies them.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Reads the table; once, before all else.</summary>
    public void Load()
    {
        foreach (var series in SeriesRows.Read(connection))
        {
            Add(series);
        }
        _lastId = Math.Max(_lastId, (int)connection.Number("SELECT COALESCE(MAX(series_id), 0) FROM forgotten"));
    }

    /// <summary>The numbers of all series in the database.</summary>
    public List<int> ListIds() => [.. _byId.Keys];

    /// <summary>The series of that number in the database, or null.</summary>
    public StoredSeries? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The series with open samples of which none was sent at that time or later.</summary>
    public IEnumerable<StoredSeries> FindIdle(long beforeMilliseconds) => beforeMilliseconds == long.MinValue
        ? []
        : _byId.Values.Where(one => one.Open.Count > 0 && one.Open.LastSentAtMilliseconds < beforeMilliseconds);

    /// <summary>The keys of all series, in no order. Any thread.</summary>
    public List<SeriesKey> ListKeys()
    {
        lock (Gate)
        {
            return [.. _byKey.Keys];
        }
    }

    /// <summary>Copies the open samples of a series; null when there is no such series. Any thread.</summary>
    public (int Id, byte[] Open)? Copy(SeriesKey key)
    {
        lock (Gate)
        {
            return _byKey.TryGetValue(key, out var series) ? (series.Id, series.Open.Bytes.ToArray()) : null;
        }
    }

    /// <summary>
    /// The series of a handle; a new row when it has none yet, which <see cref="Save"/> or <see cref="Forget"/>
    /// settles.
    /// </summary>
    public StoredSeries GetOrAdd(SeriesHandle handle)
    {
        if (handle.Number < _byHandle.Length && _byHandle[handle.Number] is { } known)
        {
            return known;
        }
        var key = catalog.KeyOf(handle);
        if (!_byKey.TryGetValue(key, out var series))
        {
            series = Insert(key);
        }
        if (handle.Number >= _byHandle.Length)
        {
            Array.Resize(ref _byHandle, Math.Max(handle.Number + 1, _byHandle.Length * 2));
        }
        return _byHandle[handle.Number] = series;
    }

    /// <summary>Notes in the database which samples are sealed, and how the blocks lie.</summary>
    public void WriteBlocksState(StoredSeries series)
    {
        SampleIdentity? end = series.BlocksEnd == SampleIdentity.BeforeAll ? null : series.BlocksEnd;
        _seal.Execute(
            series.Id, end?.Round, end is { } last ? (int)last.Index : null, series.LongestBlockMilliseconds,
            series.IsStepped ? 1 : 0);
    }

    /// <summary>The transaction is durable: new series stay.</summary>
    public void Save() => _unsaved.Clear();

    /// <summary>The transaction failed: new series are as if they had never been.</summary>
    public void Forget()
    {
        lock (Gate)
        {
            foreach (var series in _unsaved)
            {
                _byId.Remove(series.Id);
                _byKey.Remove(series.Key);
                _byHandle[Array.IndexOf(_byHandle, series)] = null;
            }
            _lastId -= _unsaved.Count;
            _unsaved.Clear();
        }
    }

    /// <summary>
    /// A check's series go on under another id. Samples that still come under the old handle go with them.
    /// </summary>
    public void Rename(CheckId from, CheckId to)
    {
        lock (Gate)
        {
            foreach (var series in _byId.Values.Where(series => series.Key.Check == from).ToList())
            {
                GetOrAdd(catalog.GetOrAdd(series.Key));
                _byKey.Remove(series.Key);
                series.Key = series.Key with { Check = to };
                _byKey[series.Key] = series;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        _seal.Dispose();
    }

    private StoredSeries Insert(SeriesKey key)
    {
        var series = new StoredSeries(
            _lastId + 1, key, new ReadableSeries(_lastId + 1, SampleIdentity.BeforeAll, 0, IsStepped: false));
        _insert.Execute(
            series.Id, key.Check.Value, key.VantagePoint, (int)key.Family, key.Quantity.Name, key.Quantity.Unit);
        lock (Gate)
        {
            Add(series);
            _unsaved.Add(series);
        }
        return series;
    }

    private void Add(StoredSeries series)
    {
        _byId.Add(series.Id, series);
        _byKey.Add(series.Key, series);
        _lastId = Math.Max(_lastId, series.Id);
    }
}
