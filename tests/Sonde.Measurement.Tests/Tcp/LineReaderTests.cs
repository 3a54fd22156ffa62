using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement.Tcp;
using Xunit;

namespace Sonde.Measurement.Tests.Tcp;

public sealed class LineReaderTests
{
    [Fact]
    public void A_line_of_8_KB_is_read_whole_and_one_byte_more_is_not()
    {
        var longest = new string('x', LineReader.MaximumLine);

        Assert.Equal([longest, "y"], Read(Encoding.UTF8.GetBytes(longest + "\r\ny\n"), 100_000).Lines);
        Assert.Equal(LineEnd.TooLong, Read(Encoding.UTF8.GetBytes(longest + "x\ny\n"), 100_000).End);
    }

    [Fact]
    public void Lines_come_whole_however_the_bytes_are_cut()
    {
        var texts = Gen.Elements('a', 'ä', '\r', '\n').ArrayOf().ToArbitrary();
        Prop.ForAll(texts, Gen.Choose(1, 7).ToArbitrary(), (text, piece) =>
        {
            var pieces = new string(text).Split('\n');
            var ended = pieces[..^1].Select(line => line.EndsWith('\r') ? line[..^1] : line);
            var expected = pieces[^1].Length == 0 ? ended : ended.Append(pieces[^1]);

            var (lines, end) = Read(Encoding.UTF8.GetBytes(text), piece);

            return end == LineEnd.Closed && lines.SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_bytes_throw() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), bytes => Read(bytes, 3).End == LineEnd.Closed).QuickCheckThrowOnFailure();

    private static (List<string> Lines, LineEnd End) Read(byte[] bytes, int piece)
    {
        LineReader reader = new(new SlowStream(bytes, piece));
        List<string> lines = [];
        while (true)
        {
            var (end, text) = reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (end != LineEnd.Line)
            {
                return (lines, end);
            }
            lines.Add(text!);
        }
    }

    /// <summary>Gives at most so many bytes at a time.</summary>
    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
