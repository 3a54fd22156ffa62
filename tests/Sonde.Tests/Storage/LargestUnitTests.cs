using FsCheck;
using FsCheck.Fluent;
using Sonde.Storage.Blocks;
using Xunit;

namespace Sonde.Tests.Storage;

public class LargestUnitTests
{
    [Fact]
    public void The_unit_is_the_largest_common_divisor_and_taking_it_out_divides() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var (factor, most) = (random.Next(1, 100_000), random.Next(1, 20_000));
        var numbers = Enumerable.Range(0, 1 + random.Next(200))
            .Select(_ => random.Next(5) == 0 ? 0L : (long)factor * random.Next(-most, most)).ToArray();
        var divisor = numbers.Aggregate(0L, (a, b) => { while (b != 0) { (a, b) = (b, a % b); } return Math.Abs(a); });
        var isLarge = numbers.Any(number => Math.Abs(number) > int.MaxValue);

        var quotients = (long[])numbers.Clone();
        var unit = LargestUnit.TakeOut(quotients);

        return unit == (isLarge ? 1 : divisor) && quotients.Select(quotient => quotient * unit).SequenceEqual(numbers);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_number_at_the_end_that_does_not_fit_is_seen()
    {
        for (var odd = 980; odd < 1_000; odd++)
        {
            var numbers = Enumerable.Range(0, 1_000).Select(i => 3_000L * i).ToArray();
            numbers[odd] += 4;

            Assert.Equal(4, LargestUnit.TakeOut(numbers));
        }
    }

    [Fact]
    public void Zeros_have_no_unit_and_extremes_none_but_one()
    {
        Assert.Equal(0, LargestUnit.TakeOut(new long[50]));
        Assert.Equal(1, LargestUnit.TakeOut([0, long.MinValue, 4]));
        Assert.Equal(1, LargestUnit.TakeOut([long.MaxValue - 1, 4]));
    }
}
