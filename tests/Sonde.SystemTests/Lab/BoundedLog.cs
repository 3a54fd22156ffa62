namespace Sonde.SystemTests.Lab;

/// <summary>
/// Records in the order in which one thread wrote them, in memory taken beforehand; others may read meanwhile.
/// </summary>
/// <param name="capacity">How many it holds; what comes after that is only counted.</param>
internal sealed class BoundedLog<T>(int capacity)
    where T : struct
{
    private readonly T[] _records = new T[capacity];
    private int _count;
    private long _unrecorded;

    /// <summary>How many did not fit.</summary>
    public long Unrecorded => Volatile.Read(ref _unrecorded);

    /// <summary>What has been written so far.</summary>
    public ReadOnlySpan<T> Written => _records.AsSpan(0, Volatile.Read(ref _count));

    /// <summary>Adds a record. One writer.</summary>
    public void Add(in T record)
    {
        if (_count == _records.Length)
        {
            Volatile.Write(ref _unrecorded, _unrecorded + 1);
            return;
        }
        _records[_count] = record;
        Volatile.Write(ref _count, _count + 1);
    }
}
