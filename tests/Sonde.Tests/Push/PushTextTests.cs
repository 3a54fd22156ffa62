using FsCheck;
using FsCheck.Fluent;
using Sonde.Push;
using Xunit;

namespace Sonde.Tests.Push;

public class PushTextTests
{
    [Theory]
    [InlineData("12", 12_000)]
    [InlineData("12.5", 12_500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("250ms", 250)]
    [InlineData("0", 0)]
    [InlineData("518400", 518_400_000)]
    public void A_duration_is_seconds_or_has_its_unit(string text, double milliseconds)
    {
        Assert.True(PushText.TryParseDuration(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("ms")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("1 s")]
    [InlineData("1h")]
    [InlineData("1sms")]
    [InlineData("518400.001")]
    [InlineData("00000000000000000000000000000000001")]
    [InlineData("99999999999999999999999999999999")]
    public void Anything_else_is_none(string text) => Assert.False(PushText.TryParseDuration(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("255", 255)]
    public void An_exit_code_is_0_to_255(string text, byte code)
    {
        Assert.True(PushText.TryParseExitCode(text, out var read));
        Assert.Equal(code, read);
    }

    [Theory]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("ok")]
    public void Other_exit_codes_there_are_none(string text) => Assert.False(PushText.TryParseExitCode(text, out _));

    [Theory]
    [InlineData(null, null)]
    [InlineData(" \r\n\u202e", null)]
    [InlineData("disk full", "disk full")]
    [InlineData("\u001b[31mdisk\nfull\u2028", "[31mdisk full")]
    public void A_message_is_one_printable_line(string? message, string? kept) =>
        Assert.Equal(kept, PushText.Clean(message));

    [Fact]
    public void Whatever_comes_the_message_is_bounded_printable_and_whole() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var kept = PushText.Clean(string.Concat(Enumerable.Repeat($"{text}😀", 60))) ?? "";
            return kept.Length <= PushText.MaxMessage && !kept.Any(char.IsControl)
                && kept.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == kept.Length
                && !kept.EndsWith("\ufffd…", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
}
