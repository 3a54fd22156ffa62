using System.Buffers;
using IronSnappy;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.RemoteWrite;

/// <summary>
/// Makes the requests that tell a receiver how all series stand. It knows what the receiver was told before: what is
/// not measured any more gets a stale marker, once. One caller at a time.
/// </summary>
internal sealed class WindowRequests(LiveChecks live, SeriesCatalog catalog, SeriesTotals totals)
{
    /// <summary>How many series a request holds at most.</summary>
    public const int MostSeries = 2_000;

    /// <summary>Rounds that a window should hold; where the last minute has fewer, a longer one is told.</summary>
    private const int FewestRounds = 3;

    /// <summary>Prometheus' marker that a series has ended: a NaN of this very pattern.</summary>
    private static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    private static readonly Window Empty = new();

    private readonly Dictionary<SeriesHandle, Told> _told = [];
    private readonly Dictionary<string, byte[]> _names = [];
    private readonly ArrayBufferWriter<byte> _request = new();
    private int _seriesInRequest;
    private long _turn;

    /// <summary>The requests of now, compressed; none when nothing was ever measured.</summary>
    /// <param name="milliseconds">Now, since 1970 UTC; later than at the call before.</param>
    public IReadOnlyList<WriteRequest> Make(long milliseconds)
    {
        _turn++;
        var made = new List<WriteRequest>();
        var checks = live.All(milliseconds).ToDictionary(view => view.Check.Id);
        for (var number = 0; number < catalog.Count; number++)
        {
            var series = new SeriesHandle(number);
            var key = catalog.KeyOf(series);
            if (checks.TryGetValue(key.Check, out var check))
            {
                Tell(series, key, check, milliseconds, made);
            }
        }
        foreach (var (series, told) in _told)
        {
            if (told.Turn != _turn)
            {
                End(told, told.Alive, milliseconds, made);
                _told.Remove(series);
            }
        }
        Close(made);
        return made;
    }

    private void Tell(SeriesHandle series, SeriesKey key, CheckView view, long milliseconds, List<WriteRequest> made)
    {
        var total = totals.Of(series);
        var window = FindWindow(series, view);
        if (total.Sent == 0 && window.Sent == 0)
        {
            return; // not measured since the start, nor in the hour before
        }
        if (!_told.TryGetValue(series, out var told))
        {
            _told[series] = told = new Told(Encode(key.Quantity), view.Check, SeriesLabels.Of(view.Check, key));
        }
        else if (!ReferenceEquals(told.Check, view.Check))
        {
            Relabel(told, view.Check, key, milliseconds, made);
        }
        told.Turn = _turn;
        var figures = new Figures(total, window);
        var alive = 0u;
        for (var i = 0; i < told.Metrics.Length; i++)
        {
            if (told.Metrics[i].Metric.Read(figures) is { } value)
            {
                alive |= 1u << i;
                Add(told, i, value, milliseconds, made);
            }
        }
        End(told, told.Alive & ~alive, milliseconds, made);
        told.Alive = alive;
    }

    /// <summary>The shortest window that holds a few rounds; an empty one for what is not a round-trip time.</summary>
    private static Window FindWindow(SeriesHandle series, CheckView view)
    {
        foreach (var one in view.Series)
        {
            if (one.Handle == series)
            {
                var wanted = FewestRounds * view.Check.Interval;
                return (wanted <= TimeSpan.FromMinutes(1) ? one.OneMinute
                    : wanted <= TimeSpan.FromMinutes(5) ? one.FiveMinutes : one.SixtyMinutes).Window;
            }
        }
        return Empty;
    }

    /// <summary>A reload changed the check: under other labels it is another series to the receiver.</summary>
    private void Relabel(Told told, Check check, SeriesKey key, long milliseconds, List<WriteRequest> made)
    {
        told.Check = check;
        var labels = SeriesLabels.Of(check, key);
        if (!labels.IsSame(told.Labels))
        {
            End(told, told.Alive, milliseconds, made);
            told.Alive = 0;
            told.Labels = labels;
        }
    }

    /// <summary>Marks the metrics as ended whose bits are set.</summary>
    private void End(Told told, uint ended, long milliseconds, List<WriteRequest> made)
    {
        for (var i = 0; i < told.Metrics.Length; i++)
        {
            if ((ended & (1u << i)) != 0)
            {
                Add(told, i, Stale, milliseconds, made);
            }
        }
    }

    private void Add(Told told, int metric, double value, long milliseconds, List<WriteRequest> made)
    {
        var encoded = told.Metrics[metric];
        ProtobufWriter.AddSeries(
            _request, encoded.Name, told.Labels.Before, encoded.Label, told.Labels.After, value, milliseconds);
        if (++_seriesInRequest == MostSeries)
        {
            Close(made);
        }
    }

    private void Close(List<WriteRequest> made)
    {
        if (_seriesInRequest > 0)
        {
            made.Add(new WriteRequest(Snappy.Encode(_request.WrittenSpan), _seriesInRequest));
            _request.ResetWrittenCount();
            _seriesInRequest = 0;
        }
    }

    private EncodedMetric[] Encode(Quantity quantity) => Array.ConvertAll(Metric.Of(quantity), metric =>
        new EncodedMetric(metric, NameOf(metric), metric.Label is var (name, value)
            ? ProtobufWriter.Label(name, value) : []));

    private byte[] NameOf(Metric metric)
    {
        if (!_names.TryGetValue(metric.Name, out var encoded))
        {
            _names[metric.Name] = encoded = ProtobufWriter.Label("__name__", metric.Name);
        }
        return encoded;
    }

    private sealed record EncodedMetric(Metric Metric, byte[] Name, byte[] Label);

    /// <summary>What the receiver was told of a series.</summary>
    private sealed class Told(EncodedMetric[] metrics, Check check, SeriesLabels labels)
    {
        public EncodedMetric[] Metrics => metrics;

        public Check Check { get; set; } = check;

        public SeriesLabels Labels { get; set; } = labels;

        /// <summary>A bit for each metric that had a figure.</summary>
        public uint Alive { get; set; }

        public long Turn { get; set; }
    }
}
