using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sonde.Metrics;

/// <summary>
/// Writes Prometheus' text format 0.0.4, or OpenMetrics 1.0.0, which differs in the names of counters, in escaping and
/// in its last line.
/// </summary>
/// <param name="output">Takes the bytes.</param>
/// <param name="isOpenMetrics">True for OpenMetrics.</param>
/// <param name="withBuckets">False to write only sum and count of a histogram, and the bucket that it must
/// have.</param>
internal sealed class TextFormatWriter(IBufferWriter<byte> output, bool isOpenMetrics, bool withBuckets) : IFormatWriter
{
    /// <summary>Room for a number and the signs around it: the longest double takes 24 characters.</summary>
    private const int NumberRoom = 40;

    private MetricFamily? _family;
    private bool _hasHead;

    /// <inheritdoc/>
    public long Written { get; private set; }

    /// <inheritdoc/>
    public void Begin(MetricFamily family) => (_family, _hasHead) = (family, false);

    /// <inheritdoc/>
    public void Write(double value, params ReadOnlySpan<Labels> labels) => WriteLine([], labels, null, value);

    /// <inheritdoc/>
    public void Write(Distribution distribution, params ReadOnlySpan<Labels> labels)
    {
        var upTo = 0L;
        for (var bucket = 0; withBuckets && bucket < ClassicBuckets.Bounded; bucket++)
        {
            upTo += distribution.Counts[bucket];
            WriteLine("_bucket"u8, labels, ClassicBuckets.UpToLabels[bucket], upTo);
        }
        WriteLine("_bucket"u8, labels, ClassicBuckets.UpToLabels[^1], distribution.Count);
        WriteLine("_sum"u8, labels, null, distribution.SumSeconds);
        WriteLine("_count"u8, labels, null, distribution.Count);
    }

    /// <inheritdoc/>
    public void End() => _family = null;

    /// <inheritdoc/>
    public void Complete()
    {
        if (isOpenMetrics)
        {
            var line = "# EOF\n"u8;
            output.Write(line);
            Written += line.Length;
        }
    }

    private void WriteLine(ReadOnlySpan<byte> suffix, ReadOnlySpan<Labels> labels, Labels? bucket, double value)
    {
        WriteHead();
        var name = _family!.NameText;
        var room = name.Length + suffix.Length + NumberRoom + (bucket is null ? 0 : bucket.Text.Length + 1);
        foreach (var part in labels)
        {
            room += part.Text.Length + 1;
        }
        var line = new Line(output.GetSpan(room));
        line.Put(name);
        line.Put(suffix);
        var separator = (byte)'{';
        foreach (var part in labels)
        {
            line.Put(separator);
            line.Put(part.Text);
            separator = (byte)',';
        }
        if (bucket is not null)
        {
            line.Put(separator);
            line.Put(bucket.Text);
            separator = (byte)',';
        }
        if (separator == ',')
        {
            line.Put((byte)'}');
        }
        line.Put((byte)' ');
        line.Put(value);
        line.Put((byte)'\n');
        output.Advance(line.Length);
        Written += line.Length;
    }

    /// <summary>Writes help and type before the first sample.</summary>
    private void WriteHead()
    {
        if (_hasHead)
        {
            return;
        }
        _hasHead = true;
        var family = _family!;
        var name = isOpenMetrics && family.Type == MetricType.Counter ? family.Name[..^"_total".Length] : family.Name;
        var type = family.Type switch
        {
            MetricType.Counter => "counter",
            MetricType.Gauge => "gauge",
            _ => "histogram",
        };
        Written += Encoding.UTF8.GetBytes($"# HELP {name} {Escape(family.Help)}\n# TYPE {name} {type}\n", output);
    }

    private string Escape(string help)
    {
        var escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return isOpenMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    /// <summary>A line that fills up; there is room for all of it.</summary>
    private ref struct Line(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        public int Length { get; private set; }

        public void Put(byte one) => _room[Length++] = one;

        public void Put(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_room[Length..]);
            Length += text.Length;
        }

        /// <summary>The shortest text that reads back as the same number.</summary>
        public void Put(double value)
        {
            if (double.IsInfinity(value))
            {
                Put(value > 0 ? "+Inf"u8 : "-Inf"u8);
                return;
            }
            var rest = _room[Length..];
            if (value is >= 0 and < (1L << 53) && value == Math.Truncate(value))
            {
                ((long)value).TryFormat(rest, out var digits, default, CultureInfo.InvariantCulture);
                Length += digits;
                return;
            }
            value.TryFormat(rest, out var written, default, CultureInfo.InvariantCulture);
            Length += written;
        }
    }
}
