using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sonde.Samples;

namespace Sonde.SampleFiles;

/// <summary>
/// Writes samples as lines: CSV (RFC 4180, but lines end with a line feed) or NDJSON, with the columns of DESIGN.md.
/// </summary>
internal sealed class SampleRows(Stream output, bool isCsv)
{
    private const int FlushBytes = 1 << 16;

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes + 4_096);
    private byte[] _beforeRound = [];
    private byte[] _unit = [];

    /// <summary>Writes what stands before the first sample.</summary>
    public void Begin()
    {
        if (isCsv)
        {
            _buffer.Write(Encoding.UTF8.GetBytes(string.Join(',', SampleColumns.Names) + "\n"));
        }
    }

    /// <summary>The samples that follow are of this series.</summary>
    public void Of(SeriesKey key)
    {
        var family = key.Family.ToString(CultureInfo.InvariantCulture);
        if (isCsv)
        {
            _beforeRound = Encoding.UTF8.GetBytes(
                $"{Quoted(key.Check.Value)},{Quoted(key.VantagePoint)},{family},{Quoted(key.Quantity.Name)},");
            _unit = Encoding.UTF8.GetBytes(Quoted(key.Quantity.Unit));
        }
        else
        {
            var check = $"\"check\":{Json(key.Check.Value)},\"vantagePoint\":{Json(key.VantagePoint)}";
            _beforeRound = Encoding.UTF8.GetBytes(
                $"{{{check},\"family\":{family},\"quantity\":{Json(key.Quantity.Name)},");
            _unit = Encoding.UTF8.GetBytes(Json(key.Quantity.Unit));
        }
    }

    /// <summary>Writes samples.</summary>
    public void Write(List<Sample> samples)
    {
        foreach (var sample in samples)
        {
            _buffer.Write(_beforeRound);
            if (isCsv)
            {
                WriteCsv(sample);
            }
            else
            {
                WriteJson(sample);
            }
            if (_buffer.WrittenCount >= FlushBytes)
            {
                Flush();
            }
        }
    }

    /// <summary>Hands on what is written.</summary>
    public void Flush()
    {
        output.Write(_buffer.WrittenSpan);
        output.Flush();
        _buffer.ResetWrittenCount();
    }

    private void WriteCsv(in Sample sample)
    {
        Number(sample.Round);
        Text(","u8);
        Number(sample.Index);
        Text(","u8);
        Time(sample.SentAtMilliseconds);
        Text(","u8);
        if (!sample.IsLost)
        {
            Number(sample.Value);
        }
        Text(","u8);
        Text(_unit);
        Text(","u8);
        Encoding.UTF8.GetBytes(sample.Loss.ToWord(), _buffer);
        Text(sample.IsSuspect ? ",true,"u8 : ",false,"u8);
        Number(sample.Duplicates);
        Text(","u8);
        if (sample.TimeToLive is { } timeToLive)
        {
            Number(timeToLive);
        }
        Text("\n"u8);
    }

    private void WriteJson(in Sample sample)
    {
        Text("\"round\":"u8);
        Number(sample.Round);
        Text(",\"index\":"u8);
        Number(sample.Index);
        Text(",\"sentAt\":\""u8);
        Time(sample.SentAtMilliseconds);
        Text("\",\"value\":"u8);
        NumberOrNull(sample.IsLost ? null : sample.Value);
        Text(",\"unit\":"u8);
        Text(_unit);
        Text(",\"loss\":"u8);
        Encoding.UTF8.GetBytes(sample.IsLost ? Json(sample.Loss.ToWord()) : "null", _buffer);
        Text(sample.IsSuspect ? ",\"suspect\":true"u8 : ",\"suspect\":false"u8);
        Text(",\"duplicates\":"u8);
        Number(sample.Duplicates);
        Text(",\"ttl\":"u8);
        NumberOrNull(sample.TimeToLive);
        Text("}\n"u8);
    }

    private void Text(ReadOnlySpan<byte> text) => _buffer.Write(text);

    private void NumberOrNull(long? value)
    {
        if (value is { } number)
        {
            Number(number);
        }
        else
        {
            Text("null"u8);
        }
    }

    private void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.GetSpan(20), out var length);
        _buffer.Advance(length);
    }

    private void Time(long milliseconds)
    {
        // Times before year 1 or after 9999, which only a damaged store or a foreign import has, come out as the
        // border.
        var time = DateTimeOffset.FromUnixTimeMilliseconds(
            Math.Clamp(milliseconds, -62_135_596_800_000, 253_402_300_799_999));
        time.UtcDateTime.TryFormat(
            _buffer.GetSpan(24), out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _buffer.Advance(length);
    }

    private static string Json(string text) =>
        $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
