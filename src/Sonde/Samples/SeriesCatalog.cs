using System.Collections.Concurrent;

namespace Sonde.Samples;

/// <summary>A series' number within this process: small, dense, never stored. The catalog gives it.</summary>
internal readonly record struct SeriesHandle(int Number);

/// <summary>Gives each series key a small number, so that a sample need not carry the whole key. Any thread.</summary>
internal sealed class SeriesCatalog
{
    private readonly ConcurrentDictionary<SeriesKey, SeriesHandle> _handles = new();
    private readonly Lock _growing = new();
    private SeriesKey[] _keys = new SeriesKey[64];
    private int _count;

    /// <summary>How many series are known; their numbers are 0 to one less.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of the series; a new one if it was not known yet.</summary>
    public SeriesHandle GetOrAdd(SeriesKey key)
    {
        if (_handles.TryGetValue(key, out var known))
        {
            return known;
        }
        lock (_growing)
        {
            return _handles.GetOrAdd(key, Add_NeedsLock);
        }
    }

    /// <summary>The key of a number that this catalog gave.</summary>
    public SeriesKey KeyOf(SeriesHandle series) => Volatile.Read(ref _keys)[series.Number];

    private SeriesHandle Add_NeedsLock(SeriesKey key)
    {
        if (_count == _keys.Length)
        {
            var larger = new SeriesKey[_keys.Length * 2];
            _keys.CopyTo(larger, 0);
            Volatile.Write(ref _keys, larger);
        }
        _keys[_count] = key;
        var handle = new SeriesHandle(_count);
        Volatile.Write(ref _count, _count + 1);
        return handle;
    }
}
