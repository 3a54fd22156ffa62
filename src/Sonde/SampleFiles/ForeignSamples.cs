using System.Text;
using System.Text.Unicode;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.SampleFiles;

/// <summary>
/// Another tool's CSV. The identity of a sample is made of its time: the round is the millisecond, the index its place
/// among the lines of that series that follow each other with the same time. So a file read again changes nothing.
/// </summary>
internal sealed class ForeignSamples(
    ForeignQuery query, ForeignColumns columns, string fileName, SeriesNames names) : ISampleFormat
{
    private const int LongestName = 200;

    private readonly Dictionary<byte[], OneSeries[]> _series = new(new BytesEqual());
    private readonly RecordFields _fields = new();
    private readonly ForeignValue[] _values = new ForeignValue[columns.Values.Length];
    private readonly ForeignTimes _times = new(query.TimeForm, query.TimeZone);
    private readonly bool _hasCommas = columns.Separator != ',';
    private bool _isBehindNames = !columns.HasNames;

    /// <inheritdoc/>
    public string Problem { get; private set; } = "";

    /// <summary>How many values of 0 or less were taken as lost.</summary>
    public long TakenAsLost { get; private set; }

    /// <inheritdoc/>
    public LineOutcome Read(ReadOnlySpan<byte> line, bool isUnended, SampleBatch into)
    {
        if (line.IsEmpty || !_isBehindNames)
        {
            _isBehindNames = _isBehindNames || !line.IsEmpty;
            return LineOutcome.Passed;
        }
        if (!CsvFields.TrySplit(line, columns.Separator, _fields))
        {
            Problem = "a field begins with a quote that is never closed";
            return LineOutcome.GoesOn;
        }
        return TryValues(line) && TryTime(line, out var milliseconds) && TrySeries(line, out var series)
            && TryAdd(milliseconds, series, into)
            ? LineOutcome.Read
            : LineOutcome.Refused;
    }

    private bool TryTime(ReadOnlySpan<byte> line, out long milliseconds) =>
        _times.TryParse(_fields.Of(line, columns.Time), out milliseconds) || Refuse(_times.Problem);

    private bool TryValues(ReadOnlySpan<byte> line)
    {
        for (var at = 0; at < _values.Length; at++)
        {
            if (columns.Values[at] >= _fields.Count || columns.Time >= _fields.Count)
            {
                return Refuse($"it has {_fields.Count} of {columns.Names.Count} fields");
            }
            var text = _fields.Of(line, columns.Values[at]);
            if (!ForeignValue.TryParse(text, query, _hasCommas, out _values[at]))
            {
                return Refuse($"its value is {ShownText.Of(text)}: a number of at most {SampleText.MaxValue} "
                    + "microseconds belongs there, or nothing for a loss");
            }
        }
        return true;
    }

    private bool TrySeries(ReadOnlySpan<byte> line, out OneSeries[] series)
    {
        var text = columns.Series is { } place ? _fields.Of(line, place).Trim((byte)' ') : default;
        var known = _series.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (known.TryGetValue(text, out series!))
        {
            return true;
        }
        series = [];
        if (columns.Series is not null && (text.IsEmpty || text.Length > LongestName || !Utf8.IsValid(text)))
        {
            return Refuse($"its series is {ShownText.Of(text)}: a name of at most {LongestName} bytes belongs there");
        }
        var made = new OneSeries[columns.Values.Length];
        for (var at = 0; at < made.Length; at++)
        {
            var name = NameOf(Encoding.UTF8.GetString(text), columns.Values[at]);
            var key = new SeriesKey(CheckId.FromName(CheckKind.Import, name), "local", 4, Quantity.Rtt);
            if (!names.TryAdd(key, name, out var handle))
            {
                return Refuse(names.Problem);
            }
            made[at] = new OneSeries(handle);
        }
        known[text] = series = made;
        return true;
    }

    private string NameOf(string seriesText, int column)
    {
        string?[] parts =
        [
            query.Name ?? (columns.Series is null ? fileName : null),
            columns.Series is null ? null : seriesText,
            columns.Values.Length == 1 ? null : columns.HasNames ? columns.Names[column] : $"column {column + 1}",
        ];
        return ShownText.Plain(string.Join(' ', parts.Where(part => part is not null)));
    }

    private bool TryAdd(long milliseconds, OneSeries[] series, SampleBatch into)
    {
        if (Array.Exists(series, one => one.IndexAt(milliseconds) > ushort.MaxValue))
        {
            return Refuse($"more than {ushort.MaxValue + 1} samples of its series have this time");
        }
        for (var at = 0; at < series.Length; at++)
        {
            var value = _values[at];
            TakenAsLost += value.IsNumber ? 1 : 0;
            into.Add(new Sample
            {
                Series = series[at].Handle,
                Round = milliseconds,
                Index = (ushort)series[at].IndexAt(milliseconds),
                SentAtMilliseconds = milliseconds,
                Value = value.Microseconds,
                Loss = value.Loss,
            });
            series[at].Pass(milliseconds);
        }
        return true;
    }

    private bool Refuse(string problem)
    {
        Problem = problem;
        return false;
    }

    private sealed class OneSeries(SeriesHandle handle)
    {
        private long _last = -1;
        private int _next;

        public SeriesHandle Handle => handle;

        public int IndexAt(long milliseconds) => milliseconds == _last ? _next : 0;

        public void Pass(long milliseconds) => (_next, _last) = (IndexAt(milliseconds) + 1, milliseconds);
    }
}
