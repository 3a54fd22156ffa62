using System.Globalization;
using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Benchmarks.Peers;

/// <summary>
/// A series at one sample a second: a real trace (<see cref="TraceBlocks.Directory"/>) played again and again, each time with
/// its times scaled by another random 0.8 to 1.25, sent with slips of a few milliseconds.
/// </summary>
/// <remarks>The same seed plays the same samples.</remarks>
internal sealed class PlayedTrace(SeriesHandle series, long firstRound, long startMilliseconds, int seed)
{
    private static readonly Lazy<long[][]> Traces = new(ReadTraces);

    private readonly long[] _trace = Traces.Value[seed % Traces.Value.Length];
    private readonly Random _random = new(seed);
    private long _played;
    private double _scale;

    /// <summary>Makes the next samples.</summary>
    public void Play(Span<Sample> samples)
    {
        foreach (ref var sample in samples)
        {
            var place = _played % _trace.Length;
            if (place == 0)
            {
                _scale = 0.8 + (_random.NextDouble() * 0.45);
            }
            var rtt = _trace[place];
            sample = new Sample
            {
                Series = series,
                Round = firstRound + _played,
                Index = 0,
                SentAtMilliseconds = startMilliseconds + (_played * 1_000) + Math.Max(0, _random.Next(-8, 4)),
                Value = rtt <= 0 ? 0 : Math.Max(1, (long)(rtt * _scale)),
                Loss = rtt <= 0 ? LossReason.Timeout : LossReason.None,
                TimeToLive = rtt <= 0 ? null : (byte)57,
            };
            _played++;
        }
    }

    private static long[][] ReadTraces()
    {
        var folder = TraceBlocks.Directory;
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csv") : [];
        return files.Length > 0
            ? [.. files.Order(StringComparer.Ordinal).Select(Read)]
            : throw new InvalidOperationException($"{folder} has no traces; SONDE_TRACES names another directory");
    }

    /// <summary>Microseconds; 0 = lost.</summary>
    private static long[] Read(string file) =>
    [
        .. File.ReadLines(file).Skip(1)
            .Select(line => double.Parse(line.Split(';')[1], CultureInfo.InvariantCulture))
            .Select(milliseconds => milliseconds <= 0 ? 0 : (long)(milliseconds * 1_000)),
    ];
}
