using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Sonde.Metrics;
using Xunit;

namespace Sonde.Tests.Metrics;

public sealed class ProtobufFormatTests
{
    [Fact]
    public void Families_are_delimited_messages_with_labels_and_values()
    {
        var bytes = Write(withBuckets: true, writer =>
        {
            writer.Begin(new MetricFamily("things_total", MetricType.Counter, "Things"));
            writer.Write(3, Labels.Of(("check", "a\"\n"), ("region", "")), Labels.Of(("family", "4")));
            writer.Write(1e9, Labels.Of(("check", "b")));
            writer.End();
            writer.Begin(new MetricFamily("nothing", MetricType.Gauge, "None"));
            writer.End();
            writer.Begin(new MetricFamily("load", MetricType.Gauge, "Load"));
            writer.Write(-0.5);
            writer.End();
        });

        var families = Delimited(bytes);
        Assert.Equal(["things_total", "load"], families.Select(family => family.Text(1)));
        Assert.Equal([0UL, 1UL], families.Select(family => family.Number(3)));
        var things = families[0].Messages(4);
        Assert.Equal(
            [("check", "a\"\n"), ("region", ""), ("family", "4")], things[0].Messages(1).Select(label => (label.Text(1), label.Text(2))));
        Assert.Equal([3, 1e9], things.Select(metric => metric.Messages(3).Single().Double(1)));
        Assert.Equal(-0.5, families[1].Messages(4).Single().Messages(2).Single().Double(1));
    }

    [Fact]
    public void A_histogram_carries_classic_and_native_buckets_that_count_the_same()
    {
        long[] waits = [0, 60, 60, 61, 100_000, 1_000_000, 1_000_001, 40_000_000];
        var histogram = Histogram(withBuckets: true, waits);

        Assert.Equal((ulong)waits.Length, histogram.Number(1));
        Assert.Equal(waits.Sum() / 1e6, histogram.Double(2));
        var classic = histogram.Messages(3);
        Assert.Equal(ClassicBuckets.Bounds, classic.Select(bucket => bucket.Double(2)));
        Assert.All(classic, bucket => Assert.Equal(
            (ulong)waits.Count(wait => wait <= Math.Round(bucket.Double(2) * 1e6)), bucket.Number(1)));
        Assert.Equal(4, Signed(histogram.Number(5)));
        Assert.Equal(1UL, histogram.Number(7));
        var native = NativeOf(histogram);
        var expected = waits.Where(wait => wait > 0).GroupBy(wait => ExponentialCounts.IndexOf(wait / 1e6))
            .OrderBy(group => group.Key).Select(group => (group.Key, (long)group.Count()));
        Assert.Equal(expected, native);
    }

    [Fact]
    public void Without_buckets_there_are_sum_and_count()
    {
        var histogram = Histogram(withBuckets: false, 10, 20);

        Assert.Equal([1, 2], histogram.Fields.Select(field => field.Number));
    }

    private static Message Histogram(bool withBuckets, params long[] waits) => Delimited(Write(withBuckets, writer =>
    {
        writer.Begin(new MetricFamily("waits_seconds", MetricType.Histogram, "Waits"));
        writer.Write(TextFormatTests.DistributionOf(waits), Labels.Of(("check", "a")));
        writer.End();
    })).Single().Messages(4).Single().Messages(7).Single();

    /// <summary>The buckets as Prometheus understands spans and deltas.</summary>
    private static List<(int Index, long Count)> NativeOf(Message histogram)
    {
        var deltas = histogram.Fields.Where(field => field.Number == 13).Select(field => Signed(field.Value)).ToList();
        var buckets = new List<(int, long)>();
        var (index, count) = (0, 0L);
        foreach (var span in histogram.Messages(12))
        {
            index += (int)Signed(span.Number(1));
            for (var n = 0UL; n < span.Number(2); n++)
            {
                count += deltas[buckets.Count];
                buckets.Add((index++, count));
            }
        }
        Assert.Equal(deltas.Count, buckets.Count);
        return buckets;
    }

    private static byte[] Write(bool withBuckets, Action<IFormatWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new ProtobufFormatWriter(output, withBuckets);
        write(writer);
        writer.Complete();
        Assert.Equal(output.WrittenCount, writer.Written);
        return output.WrittenSpan.ToArray();
    }

    private static List<Message> Delimited(byte[] bytes)
    {
        var messages = new List<Message>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)Varint(bytes, ref at);
            messages.Add(new Message(bytes[at..(at + length)]));
            at += length;
        }
        return messages;
    }

    private static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);

    private static ulong Varint(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private sealed record Field(int Number, ulong Value, byte[] Bytes);

    private sealed class Message
    {
        public Message(byte[] bytes)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var tag = Varint(bytes, ref at);
                var length = 0;
                var value = 0UL;
                switch (tag & 7)
                {
                    case 0:
                        value = Varint(bytes, ref at);
                        break;
                    case 1:
                        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
                        at += 8;
                        break;
                    case 2:
                        length = (int)Varint(bytes, ref at);
                        break;
                    default:
                        throw new FormatException($"wire type {tag & 7}");
                }
                Fields.Add(new Field((int)(tag >> 3), value, bytes[at..(at + length)]));
                at += length;
            }
        }

        public List<Field> Fields { get; } = [];

        public ulong Number(int field) => Fields.Single(one => one.Number == field).Value;

        public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

        public string Text(int field) => Encoding.UTF8.GetString(Fields.Single(one => one.Number == field).Bytes);

        public List<Message> Messages(int field) =>
            [.. Fields.Where(one => one.Number == field).Select(one => new Message(one.Bytes))];
    }
}
