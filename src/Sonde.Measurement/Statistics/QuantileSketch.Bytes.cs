using System.Runtime.CompilerServices;

namespace Sonde.Measurement.Statistics;

/// <content>The packed form: two or three bytes a bucket.</content>
public sealed partial class QuantileSketch
{
    /// <summary>How many bytes <see cref="Write"/> writes at most.</summary>
    internal int MaxByteCount => VariableLength.MaxBytes * (1 + 2 * _used);

    /// <summary>The smallest value that can have been added; for a sketch with values.</summary>
    internal long LowestPossible => LogLinearBuckets.LowestOf(BucketOf(_entries[0]));

    /// <summary>The largest value that can have been added; for a sketch with values.</summary>
    internal long HighestPossible => LogLinearBuckets.HighestOf(BucketOf(_entries[_used - 1]));

    /// <summary>A sketch of counts that lie side by side.</summary>
    /// <param name="firstBucket">The bucket of the first count.</param>
    /// <param name="counts">How many values each bucket has; the first and the last have some.</param>
    internal static QuantileSketch OfCounts(int firstBucket, ReadOnlySpan<int> counts)
    {
        var sketch = new QuantileSketch();
        sketch.EnsureCapacity(counts.Length - counts.Count(0));
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                sketch._entries[sketch._used++] = EntryOf(firstBucket + i, counts[i]);
                sketch.Count += counts[i];
            }
        }
        return sketch;
    }

    /// <summary>Writes how many buckets there are, then the first one and its count, then for each other one the
    /// distance to the one before and its count.</summary>
    internal void Write(ref VariableLength.Writer writer)
    {
        writer.Write(_used);
        var before = 0;
        for (var i = 0; i < _used; i++)
        {
            var bucket = BucketOf(_entries[i]);
            if (i == 0)
            {
                writer.WriteSigned(bucket);
            }
            else
            {
                writer.Write(bucket - before);
            }
            writer.Write(CountOf(_entries[i]));
            before = bucket;
        }
    }

    /// <summary>Fills an empty sketch with what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are not what <see cref="Write"/> writes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Read(ref VariableLength.Reader reader)
    {
        var used = (int)reader.Read(2 * LogLinearBuckets.Last + 1);
        if (used > 0)
        {
            Read(ref reader, used, reader.ReadSigned(LogLinearBuckets.Last));
        }
    }

    /// <summary>Fills an empty sketch with what a window wrote in form 1: the first bucket plus one, too, is a
    /// distance, and no bucket is negative.</summary>
    /// <exception cref="FormatException">The bytes are not of that form.</exception>
    internal void ReadFirstForm(ref VariableLength.Reader reader)
    {
        var used = (int)reader.Read(LogLinearBuckets.Last + 1);
        if (used > 0)
        {
            var first = reader.Read(LogLinearBuckets.Last + 1) - 1;
            Read(ref reader, used, first >= 0 ? first : throw new FormatException("not a sketch: no first bucket"));
        }
    }

    private void Read(ref VariableLength.Reader reader, int used, long bucket)
    {
        if (2 * used - 1 > reader.Left)   // the first bucket was read already
        {
            throw new FormatException("not a sketch: its buckets are cut off");
        }
        EnsureCapacity(used);
        var entries = _entries.AsSpan(0, used);
        for (var i = 0; i < entries.Length; i++)
        {
            var distance = i == 0 ? 0 : reader.Read(2 * LogLinearBuckets.Last);
            var count = reader.Read(MaxCount - Count);
            bucket += distance;
            if (Math.Abs(bucket) > LogLinearBuckets.Last || count == 0 || (distance == 0 && i > 0))
            {
                throw new FormatException("not a sketch: a bucket is out of range");
            }
            entries[i] = EntryOf((int)bucket, count);
            Count += count;
        }
        _used = used;
    }
}
