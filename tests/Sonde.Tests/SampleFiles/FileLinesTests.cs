using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sonde.SampleFiles;
using Xunit;

namespace Sonde.Tests.SampleFiles;

public class FileLinesTests
{
    [Theory]
    [InlineData("a\nb\n", "1:a 2:b")]
    [InlineData("a\r\nb\r\n", "1:a 2:b")]
    [InlineData("a\n\nb", "1:a 2: 3:b")]
    [InlineData("\uFEFFa\nb\n", "1:a 2:b")]
    [InlineData("", "")]
    [InlineData("\uFEFF", "")]
    [InlineData("\n", "1:")]
    [InlineData("a\0b\n", "1:a\0b")]
    public void Lines_end_with_LF_or_CRLF_and_a_byte_order_mark_is_none_of_them(string text, string lines) =>
        Assert.Equal(lines, string.Join(' ', Read(text)));

    [Fact]
    public void Any_text_in_any_pieces_gives_its_lines() => Prop.ForAll<NonNull<string>, PositiveInt>((text, piece) =>
    {
        var file = string.Concat(text.Get.Select(c => c % 7 == 0 ? '\n' : c)).TrimStart('\uFEFF');
        var bytes = Encoding.UTF8.GetBytes(file);
        var expected = Encoding.UTF8.GetString(bytes).Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line).ToList();
        if (bytes is [] or [.., (byte)'\n'])
        {
            expected.RemoveAt(expected.Count - 1);
        }

        return Read(new Pieces(bytes, piece.Get)).SequenceEqual(expected.Select((line, place) => $"{place + 1}:{line}"));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(3_000)]
    [InlineData(5_000)]
    [InlineData(300_000)]
    public void The_last_line_without_a_line_feed_is_read_whatever_the_length_of_the_file(int length)
    {
        var text = string.Concat(Enumerable.Repeat("a line\n", length / 7)) + "last";

        Assert.EndsWith(":last", Read(text).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_too_long_is_passed_over_and_told()
    {
        var lines = new FileLines(Stream("a\n" + new string('x', 3_000_000) + "\nb\n" + new string('y', FileLines.MaxLength) + "\n"));

        Assert.True(lines.TryRead(out _));
        Assert.True(lines.TryRead(out var tooLong) && tooLong.IsEmpty && lines.IsTooLong && lines.Number == 2);
        Assert.True(lines.TryRead(out var next) && next.SequenceEqual("b"u8) && !lines.IsTooLong && lines.Number == 3);
        Assert.True(lines.TryRead(out var longest) && longest.Length == FileLines.MaxLength && lines.Number == 4);
        Assert.False(lines.TryRead(out _));
    }

    [Fact]
    public void A_line_too_long_at_the_end_of_the_file_ends_it()
    {
        var lines = new FileLines(Stream(new string('x', 1_000_000)));

        Assert.True(lines.TryRead(out _) && lines.IsTooLong);
        Assert.False(lines.TryRead(out _));
    }

    [Fact]
    public void A_line_is_extended_by_the_next_ones_and_goes_back_to_its_own()
    {
        var lines = new FileLines(Stream("a\r\nb\nc\nd"));
        lines.TryRead(out _);

        Assert.True(lines.TryExtend(out var two) && two.SequenceEqual("a\r\nb"u8));
        Assert.True(lines.TryExtend(out var three) && three.SequenceEqual("a\r\nb\nc"u8) && lines.Number == 1);
        lines.GoBack();
        Assert.True(lines.TryRead(out var second) && second.SequenceEqual("b"u8) && lines.Number == 2);
        Assert.True(lines.TryExtend(out _));
        Assert.True(lines.TryRead(out var last) && last.SequenceEqual("d"u8) && lines.Number == 4 && lines.IsUnended);
        Assert.False(lines.TryExtend(out _));
    }

    [Fact]
    public void A_line_is_extended_no_further_than_the_longest_one()
    {
        var lines = new FileLines(Stream("a\n" + new string('x', FileLines.MaxLength) + "\nb\n"));
        lines.TryRead(out _);

        Assert.False(lines.TryExtend(out _));
        lines.GoBack();
        Assert.True(lines.TryRead(out var second) && second.Length == FileLines.MaxLength && lines.Number == 2);
    }

    [Fact]
    public void A_line_that_is_given_back_comes_again()
    {
        var lines = new FileLines(Stream("a\nb\n"));
        lines.TryRead(out _);

        lines.GiveBack();

        Assert.True(lines.TryRead(out var again) && again.SequenceEqual("a"u8) && lines.Number == 1);
        Assert.True(lines.TryRead(out _) && lines.Number == 2);
    }

    private static List<string> Read(string text) => Read(Stream(text));

    private static List<string> Read(Stream stream)
    {
        var lines = new FileLines(stream);
        var read = new List<string>();
        while (lines.TryRead(out var line))
        {
            read.Add($"{lines.Number}:{Encoding.UTF8.GetString(line)}");
        }
        return read;
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Gives at most so many bytes at once, as a pipe does.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
