using System.Buffers;
using System.Text;

namespace Sonde.Metrics;

/// <summary>
/// Writes <c>io.prometheus.client.MetricFamily</c> messages, each with its length before it; a histogram carries its
/// classic buckets and those of a native histogram.
/// </summary>
/// <remarks>
/// The numbers of the fields are those of metrics.proto of prometheus/client_model. A family is gathered whole, because
/// its length comes first.
/// </remarks>
/// <param name="output">Takes the bytes.</param>
/// <param name="withBuckets">False to write only sum and count of a histogram.</param>
internal sealed class ProtobufFormatWriter(IBufferWriter<byte> output, bool withBuckets) : IFormatWriter, IDisposable
{
    /// <summary>Values up to this count as zero; what Prometheus' own clients use: 2^-128.</summary>
    private const double ZeroThreshold = 2.938735877055719e-39;

    private readonly ProtobufBuffer _whole = new();
    private readonly ProtobufBuffer _metric = new();
    private readonly ProtobufBuffer _value = new();
    private readonly ProtobufBuffer _part = new();
    private MetricFamily? _family;

    /// <inheritdoc/>
    public long Written { get; private set; }

    /// <inheritdoc/>
    public void Begin(MetricFamily family)
    {
        _family = family;
        _whole.Clear();
    }

    /// <inheritdoc/>
    public void Write(double value, params ReadOnlySpan<Labels> labels)
    {
        _value.Clear();
        _value.Double(1, value);
        WriteMetric(labels, _family!.Type == MetricType.Counter ? Field.Counter : Field.Gauge);
    }

    /// <inheritdoc/>
    public void Write(Distribution distribution, params ReadOnlySpan<Labels> labels)
    {
        _value.Clear();
        _value.Unsigned(1, (ulong)distribution.Count);
        _value.Double(2, distribution.SumSeconds);
        if (withBuckets)
        {
            WriteClassic(distribution);
            WriteNative(distribution);
        }
        WriteMetric(labels, Field.Histogram);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (_whole.Content.IsEmpty)
        {
            return;
        }
        _part.Clear();
        _part.Varint((ulong)_whole.Content.Length);
        output.Write(_part.Content);
        output.Write(_whole.Content);
        Written += _part.Content.Length + _whole.Content.Length;
    }

    /// <inheritdoc/>
    public void Complete()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _whole.Dispose();
        _metric.Dispose();
        _value.Dispose();
        _part.Dispose();
    }

    private void WriteMetric(ReadOnlySpan<Labels> labels, int field)
    {
        if (_whole.Content.IsEmpty)
        {
            WriteHead();
        }
        _metric.Clear();
        foreach (var part in labels)
        {
            _metric.Raw(part.Messages);
        }
        _metric.Bytes(field, _value.Content);
        _whole.Bytes(Field.Metric, _metric.Content);
    }

    private void WriteHead()
    {
        _whole.Bytes(Field.Name, _family!.NameText);
        _whole.Bytes(Field.Help, Encoding.UTF8.GetBytes(_family.Help));
        _whole.Unsigned(Field.Type, _family.Type switch
        {
            MetricType.Counter => 0,
            MetricType.Gauge => 1,
            _ => 4,
        });
    }

    private void WriteClassic(Distribution distribution)
    {
        var upTo = 0L;
        for (var bucket = 0; bucket < ClassicBuckets.Bounded; bucket++)
        {
            upTo += distribution.Counts[bucket];
            _part.Clear();
            _part.Unsigned(1, (ulong)upTo);
            _part.Double(2, ClassicBuckets.Bounds[bucket]);
            _value.Bytes(3, _part.Content);
        }
    }

    /// <summary>Spans say which buckets are in use, deltas how each count differs from the one before.</summary>
    private void WriteNative(Distribution distribution)
    {
        var buckets = distribution.Exponential;
        _value.Signed(5, ExponentialCounts.Schema);
        _value.Double(6, ZeroThreshold);
        _value.Unsigned(7, (ulong)distribution.Zeros);
        var end = 0;
        for (var first = 0; first < buckets.Count;)
        {
            var next = first + 1;
            while (next < buckets.Count && buckets[next].Index == buckets[next - 1].Index + 1)
            {
                next++;
            }
            _part.Clear();
            _part.Signed(1, buckets[first].Index - end);
            _part.Unsigned(2, (ulong)(next - first));
            _value.Bytes(12, _part.Content);
            end = buckets[next - 1].Index + 1;
            first = next;
        }
        var before = 0L;
        foreach (var (_, count) in buckets)
        {
            _value.Signed(13, count - before);
            before = count;
        }
    }

    /// <summary>Fields of <c>MetricFamily</c>, and those of <c>Metric</c> that hold its value.</summary>
    private static class Field
    {
        public const int Name = 1;
        public const int Help = 2;
        public const int Type = 3;
        public const int Metric = 4;
        public const int Gauge = 2;
        public const int Counter = 3;
        public const int Histogram = 7;
    }
}
