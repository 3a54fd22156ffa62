using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Statistics;
using Xunit;

namespace Sonde.Measurement.Tests.Statistics;

public sealed class QuantileSketchTests
{
    private static readonly double[] Quantiles = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1];

    /// <summary>Values of every magnitude: uniform in the exponent, not in the value.</summary>
    private static readonly Arbitrary<long[]> AnyValues =
        (from power in Gen.Choose(0, 62)
         from low in Gen.Choose(0, int.MaxValue)
         from sign in Gen.Elements(1, 1, -1)
         select sign * (((1L << power) - 1) ^ (low & ((1L << power) - 1)))).ArrayOf().ToArbitrary();

    [Fact]
    public void Every_quantile_is_within_one_percent_of_the_sorted_values() => Prop.ForAll(AnyValues, values =>
    {
        var sketch = SketchOf(values);
        var sorted = values.Order().ToArray();
        return values.Length == 0
            ? sketch.Quantile(0.5) is null
            : Quantiles.All(q => IsNear(sketch.Quantile(q)!.Value, sorted[Math.Max(0, (int)Math.Ceiling(q * sorted.Length) - 1)]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merging_equals_adding_whatever_the_order_and_the_grouping() =>
        Prop.ForAll(AnyValues, AnyValues, AnyValues, (a, b, c) =>
        {
            var whole = Describe(SketchOf([.. a, .. b, .. c]));
            var leftFirst = SketchOf(a);
            leftFirst.Merge(SketchOf(b));
            leftFirst.Merge(SketchOf(c));
            var rightFirst = SketchOf(c);
            rightFirst.Merge(SketchOf(a));
            var grouped = SketchOf(b);
            grouped.Merge(rightFirst);
            return whole == Describe(leftFirst) && whole == Describe(grouped);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_value_lies_in_its_bucket_and_buckets_follow_each_other_without_a_gap()
    {
        var next = 0L;
        for (var bucket = 0; bucket <= LogLinearBuckets.Last; bucket++)
        {
            var (lowest, highest, middle) = (
                LogLinearBuckets.LowestOf(bucket), LogLinearBuckets.HighestOf(bucket), LogLinearBuckets.MiddleOf(bucket));
            Assert.Equal(next, lowest);
            Assert.Equal(bucket, LogLinearBuckets.IndexOf(lowest));
            Assert.Equal(bucket, LogLinearBuckets.IndexOf(highest));
            Assert.InRange(middle, lowest, highest);
            Assert.True(Math.Max(middle - lowest, highest - middle) <= lowest * QuantileSketch.MaxRelativeError);
            next = unchecked(highest + 1);
        }
        Assert.Equal(long.MinValue, next);   // the last bucket ends with the largest long
    }

    [Fact]
    public void The_buckets_of_negative_values_mirror_those_of_positive_ones()
    {
        for (var bucket = 1; bucket <= LogLinearBuckets.Last; bucket++)
        {
            Assert.Equal(-LogLinearBuckets.LowestOf(bucket), LogLinearBuckets.HighestOf(-bucket));
            Assert.Equal(-LogLinearBuckets.HighestOf(bucket), LogLinearBuckets.LowestOf(-bucket));
            Assert.Equal(-LogLinearBuckets.MiddleOf(bucket), LogLinearBuckets.MiddleOf(-bucket));
            Assert.Equal(-bucket, LogLinearBuckets.IndexOf(LogLinearBuckets.LowestOf(-bucket)));
            Assert.Equal(-bucket, LogLinearBuckets.IndexOf(LogLinearBuckets.HighestOf(-bucket)));
        }
    }

    [Fact]
    public void Small_values_are_exact_and_a_quantile_is_the_value_at_the_nearest_rank()
    {
        var sketch = SketchOf([.. Enumerable.Range(1, 100).Select(i => (long)i)]);

        Assert.Equal(1, sketch.Quantile(0));
        Assert.Equal(7, sketch.Quantile(0.07));   // 0.07 * 100 is 7.000000000000001 in doubles
        Assert.Equal(50, sketch.Quantile(0.5));
        Assert.Equal(95, sketch.Quantile(0.95));
        Assert.Equal(99, sketch.Quantile(0.99));
        Assert.Equal(100, sketch.Quantile(1));
    }

    [Fact]
    public void A_value_added_many_times_counts_as_often()
    {
        var sketch = new QuantileSketch();
        sketch.Add(10, 99);
        sketch.Add(1_000);

        Assert.Equal(100, sketch.Count);
        Assert.Equal(10, sketch.Quantile(0.99));
        Assert.Equal(new QuantileBucket(10, 10, 99), sketch.Buckets().First());
    }

    [Theory]
    [InlineData(long.MinValue, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    [InlineData(1, QuantileSketch.MaxCount + 1)]
    public void Nonsense_is_refused_and_changes_nothing(long value, long count)
    {
        var sketch = SketchOf([5]);

        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Add(value, count));
        Assert.Equal("5-5:1", Describe(sketch));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_quantile_outside_of_0_to_1_is_refused(double q) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SketchOf([5]).Quantile(q));

    [Fact]
    public void More_values_than_fit_are_refused()
    {
        var full = new QuantileSketch();
        full.Add(5, QuantileSketch.MaxCount);

        Assert.Throws<ArgumentOutOfRangeException>(() => full.Add(5));
        Assert.Throws<ArgumentException>(() => full.Merge(SketchOf([5])));
    }

    [Fact]
    public void A_sketch_merged_with_itself_counts_twice()
    {
        var sketch = SketchOf([1, 200, 30_000]);

        sketch.Merge(sketch);

        Assert.Equal(Describe(SketchOf([1, 1, 200, 200, 30_000, 30_000])), Describe(sketch));
    }

    [Fact]
    public void Adding_to_buckets_in_use_allocates_nothing()
    {
        var sketch = SketchOf([10_000, 20_000, 30_000]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            sketch.Add(20_000);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_cleared_sketch_is_empty()
    {
        var sketch = SketchOf([1, 2, 3]);

        sketch.Clear();

        Assert.Equal(0, sketch.Count);
        Assert.Null(sketch.Quantile(0.5));
        Assert.Empty(sketch.Buckets());
    }

    private static QuantileSketch SketchOf(long[] values)
    {
        var sketch = new QuantileSketch();
        foreach (var value in values)
        {
            sketch.Add(value);
        }
        return sketch;
    }

    private static string Describe(QuantileSketch sketch) =>
        string.Join(' ', sketch.Buckets().Select(bucket => $"{bucket.Lowest}-{bucket.Highest}:{bucket.Count}"));

    private static bool IsNear(long estimate, long truth) => Math.Abs((double)estimate - truth) <= 0.0079 * Math.Abs((double)truth);
}
