using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Statistics;
using Xunit;

namespace Sonde.Measurement.Tests.Statistics;

public sealed class WindowTests
{
    /// <summary>A series with gaps between rounds, missing indexes, losses, duplicates and suspect samples.</summary>
    private static readonly Gen<Observed[]> AnySeries =
        from steps in (
            from skip in Gen.Frequency((6, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
            from newRound in Gen.Elements(true, false)
            from loss in Gen.Frequency(
                (4, Gen.Constant(LossReason.None)), (1, Gen.Elements(LossReason.Timeout, LossReason.Refused, LossReason.Unspecified)))
            from value in Gen.Frequency((5, Gen.Choose(-20_000, 100_000).Select(v => (long)v)), (1, Gen.Elements(Window.MaxValue, -Window.MaxValue)))
            from duplicates in Gen.Frequency((8, Gen.Constant(0)), (1, Gen.Choose(1, 9)))
            from isSuspect in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
            select (skip, newRound, loss, value, duplicates, isSuspect)).ArrayOf()
        select ToSeries(steps);

    [Fact]
    public void A_window_equals_the_merge_of_the_windows_of_any_split()
    {
        var split =
            from series in AnySeries
            from cuts in Gen.Choose(0, series.Length).ArrayOf()
            select (series, cuts: cuts.Append(0).Append(series.Length).Order().ToArray());
        Prop.ForAll(split.ToArbitrary(), one =>
        {
            var parts = one.cuts.Zip(one.cuts.Skip(1), (from, to) => WindowOf(one.series[from..to])).ToArray();
            var merged = Window.MergeAll(parts);
            var mergedFromTheRight = parts.Reverse().Aggregate((next, before) =>
            {
                before.Merge(next);
                return before;
            });
            var whole = Convert.ToHexString(WindowOf(one.series).ToBytes());
            return whole == Convert.ToHexString(merged.ToBytes()) && whole == Convert.ToHexString(mergedFromTheRight.ToBytes());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_window_has_the_numbers_that_the_definitions_give() => Prop.ForAll(AnySeries.ToArbitrary(), series =>
    {
        var window = WindowOf(series);
        var values = series.Where(s => s.Loss == LossReason.None).Select(s => s.Value).ToArray();
        var pairs = series.Zip(series.Skip(1)).Where(pair =>
            pair.First.Loss == LossReason.None && pair.Second.Loss == LossReason.None
            && ((pair.First.Round == pair.Second.Round && pair.First.Index + 1 == pair.Second.Index)
                || (pair.First.Round + 1 == pair.Second.Round && pair.Second.Index == 0)))
            .Select(pair => Math.Abs(pair.Second.Value - pair.First.Value)).ToArray();
        var mean = values.Length == 0 ? 0 : values.Average(v => (decimal)v);
        var deviation = values.Length == 0 ? 0 : Math.Sqrt(values.Average(v => (double)(v - mean) * (double)(v - mean)));

        return window.Sent == series.Length
            && window.Received == values.Length
            && window.Lost == series.Length - values.Length
            && window.Duplicates == series.Sum(s => s.Duplicates)
            && window.Suspect == series.Count(s => s.IsSuspect)
            && window.Losses.Sum(l => l.Count) == window.Lost
            && window.Losses.All(l => l.Count == series.Count(s => s.Loss == l.Reason))
            && window.LossRatio == (series.Length == 0 ? null : (double)window.Lost / series.Length)
            && window.JitterPairs == pairs.Length
            && IsNear(window.JitterMicroseconds, pairs.Length == 0 ? null : (double)pairs.Average(d => (decimal)d))
            && window.MinimumMicroseconds == (values.Length == 0 ? null : values.Min())
            && window.MaximumMicroseconds == (values.Length == 0 ? null : values.Max())
            && IsNear(window.MeanMicroseconds, values.Length == 0 ? null : (double)mean)
            && IsNear(window.MeanDeviationMicroseconds, values.Length == 0 ? null : deviation);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Packed_and_unpacked_it_is_the_same() => Prop.ForAll(AnySeries.ToArbitrary(), series =>
    {
        var packed = WindowOf(series).ToBytes();
        var unpacked = Window.FromBytes(packed);
        return packed.AsSpan().SequenceEqual(unpacked.ToBytes())
            && unpacked.QuantileMicroseconds(0.95) == WindowOf(series).QuantileMicroseconds(0.95);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Foreign_bytes_are_refused_and_never_crash() => Prop.ForAll<byte[]>(bytes =>
    {
        try
        {
            Window.FromBytes([1, .. bytes]);
            Window.FromBytes([2, .. bytes]);
            return true;
        }
        catch (FormatException)
        {
            return true;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_packed_window_with_a_byte_changed_cut_or_added_never_crashes_and_mostly_is_refused()
    {
        var packed = WindowOf([new(7, 0, LossReason.None, 900), new(7, 1, LossReason.Timeout, 0), new(8, 0, LossReason.None, 1_000)]).ToBytes();

        for (var length = 0; length < packed.Length; length++)
        {
            Assert.Throws<FormatException>(() => Window.FromBytes(packed.AsSpan(0, length)));
        }
        Assert.Throws<FormatException>(() => Window.FromBytes([.. packed, 0]));
        Assert.Throws<FormatException>(() => Window.FromBytes([3, .. packed[1..]]));
        for (var place = 0; place < packed.Length * 8; place++)
        {
            var flipped = (byte[])packed.Clone();
            flipped[place / 8] ^= (byte)(1 << (place % 8));
            var error = Record.Exception(() => Window.FromBytes(flipped).MeanDeviationMicroseconds);
            Assert.True(error is null or FormatException, error?.ToString());
        }
    }

    [Fact]
    public void The_numbers_are_those_that_ping_prints()
    {
        var window = WindowOf([
            new(1, 0, LossReason.None, 1_000), new(1, 1, LossReason.None, 3_000, Duplicates: 2), new(2, 0, LossReason.Timeout, 0),
            new(3, 0, LossReason.None, 2_000), new(4, 0, LossReason.None, 6_000, IsSuspect: true), new(5, 1, LossReason.None, 3_000)]);

        Assert.Equal((6, 1, 5, 2, 1), (window.Sent, window.Lost, window.Received, window.Duplicates, window.Suspect));
        Assert.Equal(1.0 / 6, window.LossRatio);
        Assert.Equal((1_000, 3_000.0, 6_000), (window.MinimumMicroseconds, window.MeanMicroseconds, window.MaximumMicroseconds));
        Assert.Equal(Math.Sqrt(2_800_000), window.MeanDeviationMicroseconds!.Value, 1e-9);
        Assert.Equal(2, window.JitterPairs);   // neither across the loss nor to the probe after the one that is missing
        Assert.Equal(3_000, window.JitterMicroseconds);
        Assert.Equal([new LossCount(LossReason.Timeout, 1)], window.Losses);
        Assert.Equal((1_004, 2_992), (window.QuantileMicroseconds(0), window.QuantileMicroseconds(0.8)));   // of 1000–1007, 2976–3007
    }

    [Fact]
    public void Nothing_measured_has_no_numbers()
    {
        var empty = new Window();

        Assert.Equal(0, empty.Sent);
        Assert.Null(empty.LossRatio);
        Assert.Null(empty.MinimumMicroseconds);
        Assert.Null(empty.MeanMicroseconds);
        Assert.Null(empty.MaximumMicroseconds);
        Assert.Null(empty.MeanDeviationMicroseconds);
        Assert.Null(empty.JitterMicroseconds);
        Assert.Null(empty.QuantileMicroseconds(0.5));
        Assert.Empty(empty.Losses);
    }

    [Fact]
    public void A_small_spread_around_a_large_mean_is_exact()
    {
        const long Mean = 60_000_000_000_000;

        var window = WindowOf([new(1, 0, LossReason.None, Mean - 1), new(2, 0, LossReason.None, Mean + 1)]);

        Assert.Equal(1.0, window.MeanDeviationMicroseconds);
    }

    [Fact]
    public void What_does_not_come_after_the_last_sample_is_refused()
    {
        var window = WindowOf([new(5, 1, LossReason.None, 1)]);

        Assert.Throws<ArgumentException>(() => window.Add(5, 1, LossReason.None, 1));
        Assert.Throws<ArgumentException>(() => window.Add(5, 0, LossReason.None, 1));
        Assert.Throws<ArgumentException>(() => window.Add(4, 9, LossReason.None, 1));
        Assert.Throws<ArgumentException>(() => window.Merge(WindowOf([new(5, 1, LossReason.Timeout, 0)])));
        Assert.Equal(1, window.Sent);
    }

    [Theory]
    [InlineData(-1L, 0, 0L, 0)]
    [InlineData(9L, -1, 0L, 0)]
    [InlineData(9L, 65_536, 0L, 0)]
    [InlineData(9L, 0, -Window.MaxValue - 1, 0)]
    [InlineData(9L, 0, Window.MaxValue + 1, 0)]
    [InlineData(9L, 0, 0L, -1)]
    public void A_number_out_of_range_is_refused_and_changes_nothing(long round, int index, long value, int duplicates)
    {
        var window = WindowOf([new(1, 0, LossReason.None, 1)]);
        var before = window.ToBytes();

        Assert.Throws<ArgumentOutOfRangeException>(() => window.Add(round, index, LossReason.None, value, duplicates));
        Assert.Equal(before, window.ToBytes());
    }

    [Fact]
    public void A_window_packed_by_an_earlier_version_is_read()
    {
        var window = Window.FromBytes(Convert.FromHexString(
            "010C0201808080807000A19C0105048EA30101010204CF0405010301010101A09C01ED06B5B00CC5FEC8A90F07EF0D"));

        Assert.Equal((12, 2, 2, 1), (window.Sent, window.Lost, window.Duplicates, window.Suspect));
        Assert.Equal((20_000, 20_877), (window.MinimumMicroseconds, window.MaximumMicroseconds));
        Assert.Equal((7, 1_775.0 / 7), (window.JitterPairs, window.JitterMicroseconds));
        Assert.Equal(new WindowEdge(7L << 32, 0, 20_000), window.Fields.First);
        Assert.Equal(new WindowEdge((7L << 32) + 5, 4, 20_877), window.Fields.Last);
        Assert.Equal(20_096, window.QuantileMicroseconds(0.1));
        Assert.Equal(0, Window.FromBytes([1, 0]).Sent);
    }

    [Fact]
    public void A_minute_at_a_sample_a_second_packs_into_little()
    {
        var minute = WindowOf([.. Enumerable.Range(0, 60).Select(i => new Observed(1_000_000 + i, 0, LossReason.None, 20_000 + (i * 7919 % 800)))]);

        Assert.InRange(minute.ToBytes().Length, 30, 120);
    }

    private static Window WindowOf(IEnumerable<Observed> series)
    {
        var window = new Window();
        foreach (var one in series)
        {
            window.Add(one.Round, one.Index, one.Loss, one.Value, one.Duplicates, one.IsSuspect);
        }
        return window;
    }

    private static Observed[] ToSeries(
        IEnumerable<(int Skip, bool NewRound, LossReason Loss, long Value, int Duplicates, bool IsSuspect)> steps)
    {
        var (round, index) = (10L, -1);
        var series = new List<Observed>();
        foreach (var step in steps)
        {
            (round, index) = step.NewRound ? (round + 1 + step.Skip, step.Skip / 2) : (round, index + 1 + step.Skip);
            series.Add(new(round, index, step.Loss, step.Value, step.Duplicates, step.IsSuspect));
        }
        return [.. series];
    }

    private static bool IsNear(double? a, double? b) =>
        a is null ? b is null : b is not null && Math.Abs(a.Value - b.Value) <= 1e-9 * Math.Max(1, Math.Abs(b.Value));

    private sealed record Observed(
        long Round, int Index, LossReason Loss, long Value, int Duplicates = 0, bool IsSuspect = false);
}
