using FsCheck;
using FsCheck.Fluent;
using Sonde.Samples;
using Sonde.Storage.Blocks;
using Xunit;

namespace Sonde.Tests.Storage;

public class BlockCodecTests
{
    private static readonly SeriesHandle Series = new(4);

    [Fact]
    public void Any_samples_come_out_as_they_went_in() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var samples = Enumerable.Range(0, 1 + random.Next(400)).Select(_ => Given.Any(random, Series)).ToArray();

        var read = new List<Sample>();

        return BlockCodec.TryUnpack(new BlockCodec().Pack(samples), Series, read) && read.SequenceEqual(samples);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_flipped_bit_is_noticed()
    {
        var block = new BlockCodec().Pack(Given.Samples(Series, 1L << 32, 20).ToArray()).ToArray();
        for (var bit = 0; bit < block.Length * 8; bit++)
        {
            block[bit / 8] ^= (byte)(1 << (bit % 8));
            var read = new List<Sample>();
            Assert.False(BlockCodec.TryUnpack(block, Series, read));
            Assert.Empty(read);
            block[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Damaged_columns_never_throw_nor_loop_nor_give_more_than_a_block() => Prop.ForAll<byte[]>(bytes =>
    {
        var read = new List<Sample>();
        BlockCodec.TryUnpackColumns(bytes, Series, read);
        return read.Count <= BlockCodec.MaxCount;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Columns_changed_in_one_byte_never_throw() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var samples = Enumerable.Range(0, 1 + random.Next(50)).Select(_ => Given.Any(random, Series)).ToArray();
        var columns = new BlockCodec().Pack(samples)[1..^4].ToArray();
        columns[random.Next(columns.Length)] = (byte)random.Next(256);
        BlockCodec.TryUnpackColumns(columns, Series, []);
        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_series_of_one_sample_a_second_takes_at_most_three_and_a_half_bytes_a_sample()
    {
        var block = new BlockCodec().Pack(Given.Samples(Series, 1L << 32, 256).ToArray());

        Assert.InRange(block.Count, 1, 256 * 7 / 2);
    }
}
