namespace Sonde.Metrics;

/// <summary>
/// The buckets of a native histogram of Prometheus, schema 4: each reaches 2^(1/16) times (4.4 %) further than the one
/// before; bucket 0 ends at one second. Only those in use are kept. One caller at a time.
/// </summary>
internal sealed class ExponentialCounts
{
    /// <summary>The schema: buckets reach further by 2^(2^-schema).</summary>
    public const int Schema = 4;

    private const int PerOctave = 1 << Schema;
    private const int CountBits = 48;
    private const int IndexOffset = 1 << 15;

    /// <summary>The lower bounds of an octave's buckets, from one half to one.</summary>
    private static readonly double[] Steps =
        [.. Enumerable.Range(0, PerOctave).Select(n => 0.5 * Math.Pow(2, (double)n / PerOctave))];

    /// <summary>The bucket in the upper 16 bits, its count in the lower 48, ascending.</summary>
    private ulong[] _entries = [];
    private int _used;

    /// <summary>The bucket of a duration: the first whose upper bound, inclusive, is not below it.</summary>
    /// <param name="seconds">Above 0.</param>
    public static int IndexOf(double seconds)
    {
        var exponent = Math.ILogB(seconds) + 1;
        var place = Array.BinarySearch(Steps, Math.ScaleB(seconds, -exponent));
        return (place >= 0 ? place : ~place) + ((exponent - 1) * PerOctave);
    }

    /// <summary>Counts a duration of at least a microsecond.</summary>
    public void Add(long microseconds)
    {
        var key = (ulong)(IndexOf(microseconds / 1e6) + IndexOffset) << CountBits;
        var place = Array.BinarySearch(_entries, 0, _used, key);   // never there: every count is above zero
        place = ~place;
        if (place < _used && _entries[place] >> CountBits == key >> CountBits)
        {
            _entries[place]++;
            return;
        }
        if (_used == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(4, _used * 3 / 2));
        }
        Array.Copy(_entries, place, _entries, place + 1, _used - place);
        _entries[place] = key + 1;
        _used++;
    }

    /// <summary>The buckets in use, ascending.</summary>
    public (int Index, long Count)[] ToArray() => Array.ConvertAll(_entries[.._used], entry =>
        ((int)(entry >> CountBits) - IndexOffset, (long)(entry & ((1UL << CountBits) - 1))));
}
