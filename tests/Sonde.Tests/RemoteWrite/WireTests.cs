using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using IronSnappy;
using Sonde.RemoteWrite;
using Xunit;

namespace Sonde.Tests.RemoteWrite;

/// <summary>What is written, readers written after the formats alone read back.</summary>
public sealed class WireTests
{
    [Fact]
    public void A_series_has_the_bytes_of_the_specification()
    {
        var request = new ArrayBufferWriter<byte>();

        ProtobufWriter.AddSeries(request, ProtobufWriter.Label("__name__", "up"), [], [], ProtobufWriter.Label("a", "b"), 1.5, 300);

        Assert.Equal(
            "0A26" + "0A0E" + "0A085F5F6E616D655F5F" + "12027570" + "0A06" + "0A0161" + "120162"
            + "120C" + "09000000000000F83F" + "10AC02",
            Convert.ToHexString(request.WrittenSpan));
    }

    [Fact]
    public void Any_labels_values_and_times_come_out_as_they_went_in() => Prop.ForAll<(string Name, string Value)[], double, long>(
        (labels, value, milliseconds) =>
        {
            var valid = labels.Select(label => (Name: Valid(label.Name), Value: Valid(label.Value))).ToList();
            var request = new ArrayBufferWriter<byte>();
            byte[] encoded = [.. valid.SelectMany(label => ProtobufWriter.Label(label.Name, label.Value))];
            for (var i = 0; i < 3; i++)
            {
                ProtobufWriter.AddSeries(request, [], encoded, [], [], value, milliseconds);
            }

            var read = WrittenSample.Read(Snappy.Encode(request.WrittenSpan));

            return read.Count == 3 && read.All(sample => sample.Labels.SequenceEqual(valid)
                && BitConverter.DoubleToInt64Bits(sample.Value) == BitConverter.DoubleToInt64Bits(value)
                && sample.Milliseconds == milliseconds);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_snappy_packs_another_reader_unpacks() => Prop.ForAll<byte[], int>((bytes, seed) =>
    {
        var random = new Random(seed);
        var text = Enumerable.Range(0, random.Next(2_000))
            .SelectMany(_ => random.Next(2) == 0 ? bytes : [(byte)random.Next(4), (byte)random.Next(256)]).ToArray();

        return SnappyBlock.Decode(Snappy.Encode(text)).SequenceEqual(text);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(5_000_000)]
    public void Snappy_packs_any_size(int size)
    {
        var repeated = Enumerable.Range(0, size).Select(n => (byte)(n % 251 % (1 + (n / 100_000)))).ToArray();
        var random = new byte[size];
        new Random(size).NextBytes(random);

        Assert.True(SnappyBlock.Decode(Snappy.Encode(repeated)).AsSpan().SequenceEqual(repeated));
        Assert.True(SnappyBlock.Decode(Snappy.Encode(random)).AsSpan().SequenceEqual(random));
    }

    /// <summary>FsCheck makes lone surrogates, which UTF-8 cannot hold.</summary>
    private static string Valid(string? text) => new([.. (text ?? "").Where(c => !char.IsSurrogate(c))]);
}
