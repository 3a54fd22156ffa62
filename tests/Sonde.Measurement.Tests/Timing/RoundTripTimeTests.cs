using System.Globalization;
using Sonde.Measurement.Timing;
using Xunit;

namespace Sonde.Measurement.Tests.Timing;

public sealed class RoundTripTimeTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(499, 0)]
    [InlineData(500, 1)]
    [InlineData(1_499, 1)]
    [InlineData(1_500, 2)]
    [InlineData(12_345_678, 12_346)]
    [InlineData(60_000_000_000, 60_000_000)]
    public void Microseconds_are_rounded_half_up(long nanoseconds, long microseconds) =>
        Assert.Equal(microseconds, new RoundTripTime(nanoseconds).Microseconds);

    [Fact]
    public void It_is_never_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => new RoundTripTime(-1));

    [Fact]
    public void Its_text_is_the_same_in_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal("12.346 ms", new RoundTripTime(12_345_678).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Times_compare_by_their_length()
    {
        var (shorter, longer) = (new RoundTripTime(1), new RoundTripTime(2));

        Assert.True(shorter < longer && longer > shorter && shorter <= longer && longer >= shorter);
        Assert.Equal(-1, shorter.CompareTo(longer));
        Assert.Equal(shorter, new RoundTripTime(1));
    }
}
