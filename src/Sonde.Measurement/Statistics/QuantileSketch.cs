using System.Runtime.CompilerServices;

namespace Sonde.Measurement.Statistics;

/// <summary>Counts whole numbers in buckets so narrow that any quantile comes out within 0.79 % of the true
/// one.</summary>
/// <remarks>
/// Values 0 to 127 have a bucket each; above, every power of two is split into 64 buckets of equal width, and a bucket
/// stands for its middle: half a width is at most 1/128 of the value. The buckets of negative values mirror these.
/// Log-linear buckets are the idea of HDR Histogram (Gil Tene, 2012); sparse buckets with a relative guarantee that
/// merge exactly, in any order, that of DDSketch (Masson, Rim, Lee, PVLDB 12, 2019).
/// Only the buckets in use are kept, sorted, 8 bytes each. One caller at a time.
/// </remarks>
public sealed partial class QuantileSketch
{
    /// <summary>The largest relative error of a quantile.</summary>
    public const double MaxRelativeError = 1.0 / 128;

    /// <summary>The largest count of values, 2^48 − 1.</summary>
    public const long MaxCount = (1L << CountBits) - 1;

    private const int CountBits = 48;
    private const int MinCapacity = 4;

    /// <summary>The bucket in the upper 16 bits, its count in the lower 48: ascending by bucket, no count is
    /// zero.</summary>
    private long[] _entries = [];
    private int _used;

    /// <summary>How many values were added.</summary>
    public long Count { get; private set; }

    /// <summary>How many different buckets are in use.</summary>
    public int BucketCount => _used;

    /// <summary>The entries in use.</summary>
    private ReadOnlySpan<long> Entries => _entries.AsSpan(0, _used);

    /// <summary>Adds a value.</summary>
    /// <param name="value">Any number but <see cref="long.MinValue"/>.</param>
    /// <param name="count">How often; 1 or more, default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is <see cref="long.MinValue"/>, or the count is not 1 to
    /// what <see cref="MaxCount"/> leaves.</exception>
    public void Add(long value, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(value, long.MinValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount - Count);
        var bucket = LogLinearBuckets.IndexOf(value);
        var key = EntryOf(bucket, 0);
        var place = FirstNotBelow(key);
        if (place < _used && BucketOf(_entries[place]) == bucket)
        {
            _entries[place] += count;
        }
        else
        {
            EnsureCapacity(_used + 1);
            Array.Copy(_entries, place, _entries, place + 1, _used - place);
            _entries[place] = key + count;
            _used++;
        }
        Count += count;
    }

    /// <summary>Adds all values of <paramref name="other"/>: as if each had been added here.</summary>
    /// <exception cref="ArgumentException">Together they hold more than <see cref="MaxCount"/> values.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Merge(QuantileSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count > MaxCount - Count)
        {
            throw new ArgumentException("the sketches together hold too many values", nameof(other));
        }
        var missing = AddToBucketsInUse(other.Entries);
        if (missing > 0)
        {
            Insert(other.Entries, missing);
        }
        Count += other.Count;
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

    /// <summary>The bucket that a value above <see cref="long.MinValue"/> falls into, with a count of 1.</summary>
    public static QuantileBucket BucketAround(long value)
    {
        var bucket = LogLinearBuckets.IndexOf(value);
        return new QuantileBucket(LogLinearBuckets.LowestOf(bucket), LogLinearBuckets.HighestOf(bucket), 1);
    }

    /// <summary>Forgets all values and keeps the memory for new ones.</summary>
    public void Clear()
    {
        _used = 0;
        Count = 0;
    }

    private static long EntryOf(int bucket, long count) => ((long)bucket << CountBits) + count;

    private static int BucketOf(long entry) => (int)(entry >> CountBits);

    private static long CountOf(long entry) => entry & MaxCount;

    /// <summary>Adds the counts of buckets that are in use here, too.</summary>
    /// <returns>How many are not.</returns>
    private int AddToBucketsInUse(ReadOnlySpan<long> others)
    {
        var mine = _entries.AsSpan(0, _used);
        var (place, missing) = (0, 0);
        foreach (var other in others)
        {
            var bucket = BucketOf(other);
            while (place < mine.Length && BucketOf(mine[place]) < bucket)
            {
                place++;
            }
            if (place < mine.Length && BucketOf(mine[place]) == bucket)
            {
                mine[place] += CountOf(other);
            }
            else
            {
                missing++;
            }
        }
        return missing;
    }

    /// <summary>Puts the entries of buckets that are not in use here to their places, from the last on.</summary>
    private void Insert(ReadOnlySpan<long> others, int missing)
    {
        EnsureCapacity(_used + missing);
        var all = _entries.AsSpan(0, _used + missing);
        var (place, mine) = (all.Length - 1, _used - 1);
        for (var i = others.Length - 1; place > mine; i--)
        {
            while (mine >= 0 && BucketOf(all[mine]) > BucketOf(others[i]))
            {
                all[place--] = all[mine--];
            }
            if (mine < 0 || BucketOf(all[mine]) < BucketOf(others[i]))
            {
                all[place--] = others[i];
            }
        }
        _used = all.Length;
    }

    /// <summary>The place of the first entry at or above the key, which has no count in it.</summary>
    private int FirstNotBelow(long key)
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
