using System.Text;
using Sonde.Measurement;
using Sonde.SampleFiles;
using Xunit;

namespace Sonde.Tests.SampleFiles;

public class ForeignValueTests
{
    private static readonly ForeignQuery Milliseconds = new() { Time = "1", Values = ["2"] };

    [Theory]
    [InlineData("178.924995", 178_925)]
    [InlineData(" 12 ", 12_000)]
    [InlineData("0.0005", 1)]
    [InlineData("1.5e2", 150_000)]
    [InlineData("281474976710.655", (1L << 48) - 1)]
    public void A_number_becomes_whole_microseconds(string text, long microseconds) =>
        Assert.Equal(new ForeignValue(microseconds, LossReason.None, false), Read(text, Milliseconds));

    [Fact]
    public void The_unit_is_what_the_user_says()
    {
        Assert.Equal(250_000, Read("0.25", Milliseconds with { MicrosecondsAUnit = 1_000_000 })!.Value.Microseconds);
        Assert.Equal(250, Read("250", Milliseconds with { MicrosecondsAUnit = 1 })!.Value.Microseconds);
    }

    [Theory]
    [InlineData("", LossReason.Unspecified)]
    [InlineData("NaN", LossReason.Unspecified)]
    [InlineData("NULL", LossReason.Unspecified)]
    [InlineData("*", LossReason.Unspecified)]
    [InlineData("timeout", LossReason.Timeout)]
    [InlineData("Request timed out.", LossReason.Timeout)]
    public void Nothing_and_words_for_nothing_are_a_loss(string text, LossReason reason) =>
        Assert.Equal(new ForeignValue(0, reason, false), Read(text, Milliseconds));

    [Fact]
    public void Zero_is_a_loss_unless_the_user_says_otherwise_and_less_always_is()
    {
        var lost = new ForeignValue(0, LossReason.Unspecified, true);

        Assert.Equal(lost, Read("0", Milliseconds));
        Assert.Equal(lost, Read("-1", Milliseconds));
        Assert.Equal(new ForeignValue(0, LossReason.None, false), Read("0.0", Milliseconds with { ZeroIsAnswer = true }));
        Assert.Equal(lost, Read("-0.5", Milliseconds with { ZeroIsAnswer = true }));
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("1,5")]
    [InlineData("1.5 ms")]
    [InlineData("Infinity")]
    [InlineData("281474976710.656")]
    [InlineData("1e300")]
    public void What_is_neither_is_refused(string text) => Assert.Null(Read(text, Milliseconds));

    [Fact]
    public void A_comma_is_the_decimal_point_where_it_cannot_stand_between_fields()
    {
        Assert.Equal(1_500, Read("1,5", Milliseconds, hasCommas: true)!.Value.Microseconds);
        Assert.Null(Read("1.234,5", Milliseconds, hasCommas: true));
        Assert.Null(Read("1,234,5", Milliseconds, hasCommas: true));
    }

    private static ForeignValue? Read(string text, ForeignQuery query, bool hasCommas = false) =>
        ForeignValue.TryParse(Encoding.UTF8.GetBytes(text), query, hasCommas, out var value) ? value : null;
}
