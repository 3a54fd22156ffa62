using FsCheck;
using FsCheck.Fluent;
using Sonde.Metrics;
using Xunit;

namespace Sonde.Tests.Metrics;

public sealed class ExponentialCountsTests
{
    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(0.5, -16)]
    [InlineData(2.0, 16)]
    [InlineData(1.0000001, 1)]
    [InlineData(0.9999999, 0)]
    [InlineData(0.25, -32)]
    public void A_bucket_ends_with_its_bound(double seconds, int index) => Assert.Equal(index, ExponentialCounts.IndexOf(seconds));

    [Fact]
    public void Every_duration_lies_between_the_bounds_of_its_bucket() => Prop.ForAll(
        Gen.Choose(1, int.MaxValue).ToArbitrary(), microseconds =>
        {
            var seconds = microseconds / 1e6;
            var index = ExponentialCounts.IndexOf(seconds);
            return seconds <= Math.Pow(2, index / 16.0) * (1 + 1e-12) && seconds > Math.Pow(2, (index - 1) / 16.0) * (1 - 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counts_are_those_of_a_plain_list_ascending() => Prop.ForAll(
        Gen.Choose(1, 10_000_000).ListOf().ToArbitrary(), all =>
        {
            var counts = new ExponentialCounts();
            foreach (var one in all)
            {
                counts.Add(one);
            }
            var expected = all.GroupBy(one => ExponentialCounts.IndexOf(one / 1e6)).OrderBy(group => group.Key)
                .Select(group => (group.Key, (long)group.Count()));
            return counts.ToArray().SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
}
