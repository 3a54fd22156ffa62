namespace Sonde.Measurement.Statistics;

/// <summary>Counts whole numbers in buckets so narrow that any quantile comes out within 0.79 % of the true
/// one.</summary>
/// <remarks>
/// Values 0 to 127 have a bucket each; above, every power of two is split into 64 buckets of equal width, and a
/// bucket stands for
/// its middle: half a width is at most 1/128 of the value. Log-linear buckets are the idea of HDR Histogram (Gil
/// Tene, 2012); sparse
/// buckets with a relative guarantee that merge exactly, in any order, that of DDSketch (Masson, Rim, Lee, PVLDB 12,
/// 2019).
/// Only the buckets in use are kept, sorted, 8 bytes each. One caller at a time.
/// </remarks>
public sealed class QuantileSketch
{
    /// <summary>The largest relative error of a quantile.</summary>
    public const double MaxRelativeError = 1.0 / 128;

    /// <summary>The largest count of values, 2^48 − 1.</summary>
    public const long MaxCount = (1L << CountBits) - 1;

    private const int CountBits = 48;
    private const int MinCapacity = 4;

    /// <summary>The bucket in the upper 16 bits, its count in the lower 48: ascending by bucket, no count is
    /// zero.</summary>
    private ulong[] _entries = [];
    private int _used;

    /// <summary>How many values were added.</summary>
    public long Count { get; private set; }

    /// <summary>How many different buckets are in use.</summary>
    public int BucketCount => _used;

    /// <summary>Adds a value.</summary>
    /// <param name="value">0 or more.</param>
    /// <param name="count">How often; 1 or more, default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or the count is not 1 to what
    /// <see cref="MaxCount"/> leaves.</exception>
    public void Add(long value, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount - Count);
        AddToBucket(LogLinearBuckets.IndexOf(value), count);
    }

    /// <summary>Adds all values of <paramref name="other"/>: as if each had been added here.</summary>
    /// <exception cref="ArgumentException">Together they hold more than <see cref="MaxCount"/> values.</exception>
    public void Merge(QuantileSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count > MaxCount - Count)
        {
            throw new ArgumentException("the sketches together hold too many values", nameof(other));
        }
        var entries = other._entries;
        var used = other._used;
        for (var i = 0; i < used; i++)   // in these bounds also when the other is this one
        {
            AddToBucket(BucketOf(entries[i]), CountOf(entries[i]));
        }
    }

    /// <summary>The value at a quantile by the nearest rank: of n sorted values the one at place ⌈q·n⌉, counted from
    /// 1.</summary>
    /// <param name="q">0 (the smallest) to 1 (the largest).</param>
    /// <returns>The middle of that value's bucket; null when the sketch is empty.</returns>
    public long? Quantile(double q)
    {
        if (!(q is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(q), q, "a quantile is between 0 and 1");
        }
        if (Count == 0)
        {
            return null;
        }
        var rank = Math.Max(1, (long)Math.Ceiling((decimal)q * Count));   // decimal: 0.07 · 100 is 7, not a little more
        for (var i = 0; i < _used - 1; i++)
        {
            rank -= CountOf(_entries[i]);
            if (rank <= 0)
            {
                return LogLinearBuckets.MiddleOf(BucketOf(_entries[i]));
            }
        }
        return LogLinearBuckets.MiddleOf(BucketOf(_entries[_used - 1]));
    }

    /// <summary>The buckets in use in ascending order, for example to draw a histogram.</summary>
    public IEnumerable<QuantileBucket> Buckets()
    {
        for (var i = 0; i < _used; i++)
        {
            var bucket = BucketOf(_entries[i]);
            var (lowest, highest) = (LogLinearBuckets.LowestOf(bucket), LogLinearBuckets.HighestOf(bucket));
            yield return new QuantileBucket(lowest, highest, CountOf(_entries[i]));
        }
    }

    /// <summary>The bucket that a value of 0 or more falls into, with a count of 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static QuantileBucket BucketAround(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var bucket = LogLinearBuckets.IndexOf(value);
        return new QuantileBucket(LogLinearBuckets.LowestOf(bucket), LogLinearBuckets.HighestOf(bucket), 1);
    }

    /// <summary>Forgets all values and keeps the memory for new ones.</summary>
    public void Clear()
    {
        _used = 0;
        Count = 0;
    }

    /// <summary>How many bytes <see cref="Write"/> writes at most.</summary>
    internal int MaxByteCount => VariableLength.MaxBytes * (1 + 2 * _used);

    /// <summary>Writes the buckets: their number, then for each the distance to the bucket before and its
    /// count.</summary>
    internal void Write(ref VariableLength.Writer writer)
    {
        writer.Write(_used);
        var before = -1;
        for (var i = 0; i < _used; i++)
        {
            var bucket = BucketOf(_entries[i]);
            writer.Write(bucket - before);
            writer.Write(CountOf(_entries[i]));
            before = bucket;
        }
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are not what <see cref="Write"/> writes.</exception>
    internal void AddFrom(ref VariableLength.Reader reader)
    {
        var used = reader.Read(LogLinearBuckets.Count);
        if (_used == 0)
        {
            EnsureCapacity((int)used);
        }
        var bucket = -1L;
        for (var i = 0; i < used; i++)
        {
            bucket += reader.Read(LogLinearBuckets.Count);
            var count = reader.Read(MaxCount - Count);
            if (bucket < 0 || bucket >= LogLinearBuckets.Count || count == 0)
            {
                throw new FormatException("not a sketch: a bucket is out of range");
            }
            AddToBucket((int)bucket, count);
        }
    }

    private static int BucketOf(ulong entry) => (int)(entry >> CountBits);

    private static long CountOf(ulong entry) => (long)entry & MaxCount;

    private void AddToBucket(int bucket, long count)
    {
        var key = (ulong)bucket << CountBits;
        var place = FirstNotBelow(key);
        if (place < _used && BucketOf(_entries[place]) == bucket)
        {
            _entries[place] += (ulong)count;
        }
        else
        {
            EnsureCapacity(_used + 1);
            Array.Copy(_entries, place, _entries, place + 1, _used - place);
            _entries[place] = key | (ulong)count;
            _used++;
        }
        Count += count;
    }

    /// <summary>The place of the first entry at or above the key, which has no count in it.</summary>
    private int FirstNotBelow(ulong key)
    {
        var low = 0;
        var high = _used;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_entries[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private void EnsureCapacity(int needed)
    {
        if (needed > _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(needed, Math.Max(MinCapacity, _entries.Length * 3 / 2)));
        }
    }
}

/// <summary>How many values lie in a bucket.</summary>
/// <param name="Lowest">The smallest value of the bucket.</param>
/// <param name="Highest">The largest value of the bucket.</param>
/// <param name="Count">How many values; 1 or more.</param>
public readonly record struct QuantileBucket(long Lowest, long Highest, long Count);
