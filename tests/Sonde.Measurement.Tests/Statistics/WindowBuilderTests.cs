using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Statistics;
using Xunit;

namespace Sonde.Measurement.Tests.Statistics;

public sealed class WindowBuilderTests
{
    [Fact]
    public void A_window_of_columns_is_bit_for_bit_that_of_samples_added_one_by_one()
    {
        var builder = new WindowBuilder();
        Prop.ForAll(AnyColumns.Arbitrary, columns =>
            builder.Build(columns.Columns).ToBytes().AsSpan().SequenceEqual(columns.AddOneByOne().ToBytes()))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_slice_of_columns_gives_the_window_of_these_samples_only()
    {
        var builder = new WindowBuilder();
        Prop.ForAll(AnyColumns.Arbitrary, Gen.Choose(0, 100).Two().ToArbitrary(), (columns, percents) =>
        {
            var (a, b) = (columns.Count * percents.Item1 / 100, columns.Count * percents.Item2 / 100);
            var (from, to) = (Math.Min(a, b), Math.Max(a, b));
            return builder.Build(columns.Columns.Slice(from, to - from)).ToBytes().AsSpan()
                .SequenceEqual(columns.AddOneByOne(from, to).ToBytes());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_run_longer_than_one_sum_holds_is_exact()
    {
        var values = Enumerable.Range(0, 20_000).Select(i => (i % 2 == 0 ? 1 : -1) * (Window.MaxValue - i)).ToArray();
        var one = new Window();
        for (var i = 0; i < values.Length; i++)
        {
            one.Add(i, 0, LossReason.None, values[i]);
        }

        Assert.Equal(one.ToBytes(), new WindowBuilder().Build(Steady(values)).ToBytes());
    }

    [Fact]
    public void After_a_refused_value_the_next_window_is_right()
    {
        var builder = new WindowBuilder();

        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Build(
            Steady([5, 6, 7], LossReason.None, LossReason.Timeout, LossReason.None) with { Values = new long[] { 5, 6, -Window.MaxValue - 1 } }));

        Assert.Equal([new QuantileBucket(8, 8, 1)], builder.Build(Steady([8])).Buckets());
    }

    [Fact]
    public void Columns_that_are_no_series_are_refused()
    {
        var builder = new WindowBuilder();

        Assert.Throws<ArgumentException>(() => builder.Build(Steady([1, 2]) with { Rounds = new long[] { 4, 4 } }));
        Assert.Throws<ArgumentException>(() => builder.Build(Steady([1, 2]) with { Rounds = new long[] { 4, 3 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Build(Steady([1, 2]) with { Rounds = new long[] { -1, 0 } }));
        Assert.Throws<ArgumentException>(() => builder.Build(Steady([1, 2]) with { Suspect = new bool[1] }));
    }

    private static WindowColumns Steady(long[] values, params LossReason[] losses) => new()
    {
        Rounds = Enumerable.Range(0, values.Length).Select(i => (long)i).ToArray(),
        Indexes = new ushort[values.Length],
        Losses = losses.Length > 0 ? losses : new LossReason[values.Length],
        Values = values,
        Duplicates = new ushort[values.Length],
        Suspect = new bool[values.Length],
    };
}
