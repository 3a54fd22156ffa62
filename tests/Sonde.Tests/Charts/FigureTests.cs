using Sonde.Charts;
using Xunit;

namespace Sonde.Tests.Charts;

public sealed class FigureTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0.000")]
    [InlineData(0.0421, "0.042")]
    [InlineData(0.99949, "0.999")]
    [InlineData(0.9996, "1.00")]
    [InlineData(9.994, "9.99")]
    [InlineData(9.996, "10.0")]
    [InlineData(99.94, "99.9")]
    [InlineData(99.96, "100")]
    [InlineData(1234.5, "1235")]
    public void Milliseconds_have_as_many_decimals_as_help(double? value, string text) =>
        Assert.Equal(text, Figure.Ms(value));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0 %")]
    [InlineData(0.00001, "< 0.1 %")]
    [InlineData(0.05, "5.0 %")]
    [InlineData(0.99999, "> 99.9 %")]
    [InlineData(1.0, "100 %")]
    public void A_little_loss_is_never_rounded_to_none_nor_much_to_all(double? ratio, string text) =>
        Assert.Equal(text, Figure.Percent(ratio));

    [Theory]
    [InlineData(1.0, "100 %")]
    [InlineData(0.999999, "99.999 %")]
    public void Uptime_is_never_rounded_up(double ratio, string text) => Assert.Equal(text, Figure.Uptime(ratio));

    [Fact]
    public void Counts_have_narrow_spaces_between_thousands() =>
        Assert.Equal("12\u202f345\u202f678", Figure.Count(12_345_678));
}
