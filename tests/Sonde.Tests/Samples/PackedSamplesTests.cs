using FsCheck;
using FsCheck.Fluent;
using Sonde.Samples;
using Xunit;

namespace Sonde.Tests.Samples;

public class PackedSamplesTests
{
    [Fact]
    public void Any_samples_come_out_as_they_went_in() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var samples = Enumerable.Range(0, random.Next(100))
            .Select(_ => Given.Any(random, new SeriesHandle(random.Next(3) == 0 ? random.Next() : random.Next(3))))
            .ToList();
        var packed = new PackedSamples();
        samples.ForEach(sample => packed.Add(sample.Series.Number, sample));

        var read = Read(packed.Bytes, out var isDamaged);

        return !isDamaged && packed.Count == samples.Count && read.SequenceEqual(samples);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Damaged_bytes_never_throw_and_give_no_more_samples_than_bytes() => Prop.ForAll<byte[]>(bytes =>
        Read(bytes, out _).Count <= bytes.Length).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_cut_short_say_so()
    {
        var packed = new PackedSamples();
        packed.Add(1, Given.Sample(new SeriesHandle(1), 5));

        var read = Read(packed.Bytes[..^1], out var isDamaged);

        Assert.Empty(read);
        Assert.True(isDamaged);
    }

    [Fact]
    public void A_series_of_one_sample_a_second_takes_at_most_six_bytes_a_sample()
    {
        var packed = new PackedSamples();
        Given.Samples(new SeriesHandle(0), 1L << 32, 256).ForEach(sample => packed.Add(0, sample));

        Assert.InRange(packed.Length, 1, 256 * 6);
    }

    [Fact]
    public void Cleared_samples_leave_no_trace_and_their_memory_is_used_again()
    {
        var packed = new PackedSamples();
        Given.Samples(new SeriesHandle(3), 7, 100).ForEach(sample => packed.Add(3, sample));
        var capacity = packed.Capacity;
        packed.Clear();
        packed.Add(3, Given.Sample(new SeriesHandle(3), 9));

        Assert.Equal([Given.Sample(new SeriesHandle(3), 9)], Read(packed.Bytes, out _));
        Assert.Equal(capacity, packed.Capacity);
    }

    private static List<Sample> Read(ReadOnlySpan<byte> bytes, out bool isDamaged)
    {
        var samples = new List<Sample>();
        var reader = new PackedSampleReader(bytes);
        while (reader.TryRead(out _, out var sample))
        {
            samples.Add(sample);
        }
        isDamaged = reader.IsDamaged;
        return samples;
    }
}
