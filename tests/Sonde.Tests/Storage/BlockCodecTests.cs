using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Measurement;
using Sonde.Measurement.Statistics;
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
        var columns = new SampleColumns();
        for (byte layout = 1; layout <= 2; layout++)
        {
            BlockCodec.TryUnpackColumns([layout, .. bytes], columns);
            BlockCodec.TryUnpackColumns([layout, 200, 2, .. bytes], columns);   // of 328 samples
        }
        return columns.Count <= BlockCodec.MaxCount;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Columns_changed_in_a_few_bytes_never_throw() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var block = new BlockCodec().Pack(AnySeries(random)).ToArray();
        var columns = new SampleColumns();
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var bytes = block[..^4];
            for (var change = random.Next(3); change >= 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            BlockCodec.TryUnpackColumns(bytes, columns);
            BlockCodec.TryUnpackColumns(bytes.AsSpan(0, random.Next(bytes.Length)), columns);
        }
        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_block_cut_short_or_too_long_is_noticed_even_with_a_checksum_that_fits()
    {
        var columns = new BlockCodec().Pack(Given.Samples(Series, 1L << 32, 200).ToArray())[..^4].ToArray();

        for (var length = 0; length < columns.Length; length++)
        {
            Assert.False(BlockCodec.TryUnpack(WithChecksum(columns[..length]), new SampleColumns()));
        }
        Assert.False(BlockCodec.TryUnpack(WithChecksum([.. columns, 0]), new SampleColumns()));
        Assert.True(BlockCodec.TryUnpack(WithChecksum(columns), new SampleColumns()));
    }

    [Fact]
    public void Any_series_comes_out_as_it_went_in_and_its_summary_is_its_window() => Prop.ForAll<int>(seed =>
    {
        var samples = AnySeries(new Random(seed));
        var (into, window) = (new Sample[samples.Length], new Window());
        foreach (var sample in samples)
        {
            window.Add(sample.Round, sample.Index, sample.Loss, sample.Value, sample.Duplicates, sample.IsSuspect);
        }

        var block = new BlockCodec().PackAndSummarize(samples);

        return BlockCodec.TryUnpack(block.Bytes, Series, new SampleColumns(), into, out var count)
            && count == samples.Length && into.AsSpan().SequenceEqual(samples)
            && block.Summary.ToBytes().AsSpan().SequenceEqual(window.ToBytes())
            && block.EarliestMilliseconds == samples.Min(sample => sample.SentAtMilliseconds)
            && block.LatestMilliseconds == samples.Max(sample => sample.SentAtMilliseconds);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_full_block_of_any_samples_comes_out_as_it_went_in()
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, BlockCodec.MaxCount).Select(_ => Given.Any(random, Series)).ToArray();
        var read = new List<Sample>();

        Assert.True(BlockCodec.TryUnpack(new BlockCodec().Pack(samples), Series, read));
        Assert.Equal(samples, read);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockCodec().Pack([.. samples, samples[0]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockCodec().Pack([]));
    }

    [Fact]
    public void A_buffer_too_short_for_the_block_is_left_as_it_is()
    {
        var (block, into) = (new BlockCodec().Pack(Given.Samples(Series, 1, 20).ToArray()), new Sample[19]);

        Assert.False(BlockCodec.TryUnpack(block, Series, new SampleColumns(), into, out var count));
        Assert.Equal(0, count);
        Assert.Equal(new Sample[19], into);
    }

    /// <summary>Layout 1 as version 0.1 wrote it.</summary>
    [Fact]
    public void A_block_of_layout_1_is_read()
    {
        var block = Convert.FromHexString(
            "010C0180808080E001010001020100010201000102010001020100010201000B00010680B083C59868EA07000506000506000506"
            + "00040002010600C0B8024ADE01F2020000C601C506D6089D048903920C0700010104000800010203000A3A02003134EB55");
        var read = new List<Sample>();

        Assert.True(BlockCodec.TryUnpack(block, Series, read));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => new Sample
        {
            Series = Series,
            Round = (7L << 32) + i / 2,
            Index = (ushort)(i % 2 + (i == 11 ? 3 : 0)),
            SentAtMilliseconds = 1_790_000_000_000 + i * 500 + i % 3,
            Value = i is 4 or 5 ? 0 : 20_000 + i * i * 37 % 900,
            Loss = i is 4 or 5 ? LossReason.Timeout : LossReason.None,
            IsSuspect = i == 7,
            Duplicates = (ushort)(i == 8 ? 2 : 0),
            TimeToLive = i < 10 ? (byte)57 : null,
        }), read);
    }

    [Fact]
    public void Packing_and_unpacking_allocate_nothing_for_a_sample()
    {
        var (codec, columns) = (new BlockCodec(), new SampleColumns());
        var (samples, into) = (Given.Samples(Series, 1L << 32, 700).ToArray(), new Sample[700]);
        codec.PackAndSummarize(samples);
        BlockCodec.TryUnpack(codec.Pack(samples), Series, columns, into, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var block = codec.Pack(samples);
        BlockCodec.TryUnpack(block, Series, columns, into, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        codec.PackAndSummarize(samples);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);   // the window
    }

    /// <summary>The same times and values as constants cost what the header costs.</summary>
    [Fact]
    public void What_is_constant_costs_nothing()
    {
        var samples = Enumerable.Range(0, 700).Select(n => Given.Sample(Series, (1L << 32) + n)).ToArray();
        var packets = Enumerable.Range(0, 700).Select(n => Given.Sample(Series, (1L << 32) + n / 10, (ushort)(n % 10))).ToArray();

        Assert.InRange(new BlockCodec().Pack(samples).Count, 1, 45);
        Assert.InRange(new BlockCodec().Pack(packets).Count, 1, 55);
    }

    [Fact]
    public void A_series_of_one_sample_a_second_with_slips_of_a_millisecond_takes_a_byte_and_a_half_a_sample()
    {
        var random = new Random(1);
        var samples = Given.Samples(Series, 1L << 32, 600)
            .Select(sample => sample with { SentAtMilliseconds = sample.SentAtMilliseconds + random.Next(8) / 7 }).ToArray();

        Assert.InRange(new BlockCodec().Pack(samples).Count, 1, 600 * 3 / 2);
    }

    private static byte[] WithChecksum(byte[] columns)
    {
        var bytes = new byte[columns.Length + sizeof(uint)];
        columns.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(columns.Length), Crc32C.Of(columns));
        return bytes;
    }

    /// <summary>A series in order as checks make it: gaps, several probes a round, losses, slips, spikes, steps.</summary>
    private static Sample[] AnySeries(Random random)
    {
        var (packets, lossy, slip, unit) = (1 + random.Next(3) / 2 * 9, random.Next(4), random.Next(4), random.Next(2) == 0 ? 1 : 1_000);
        var (round, index, time, level) = (random.NextInt64(1L << 40), 0, Given.Start, random.NextInt64(-5_000, 100_000));
        return [.. Enumerable.Range(0, 1 + random.Next(900)).Select(_ =>
        {
            var isLost = random.Next(20) < lossy;
            var sample = Given.Sample(Series, round, (ushort)index) with
            {
                SentAtMilliseconds = time + random.Next(slip + 1) * unit,
                Loss = isLost ? LossReason.Timeout : LossReason.None,
                Value = isLost ? 0 : level + random.Next(500) + (random.Next(50) == 0 ? random.Next(1 << 22) : 0),
                Duplicates = (ushort)(random.Next(100) / 99),
                IsSuspect = random.Next(100) == 0,
                TimeToLive = random.Next(100) == 0 ? null : (byte)57,
            };
            level += random.Next(200) == 0 ? random.Next(-9_000, 9_000) : 0;
            time += 5_000 * unit + (random.Next(100) == 0 ? random.Next(-90_000, 90_000) : 0);
            (round, index) = index + 1 < packets && random.Next(30) > 0 ? (round, index + 1) : (round + 1 + random.Next(30) / 29, 0);
            return sample;
        })];
    }
}
