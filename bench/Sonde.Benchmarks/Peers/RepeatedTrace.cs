using Sonde.Samples;

namespace Sonde.Benchmarks.Peers;

/// <summary>A trace again and again, each copy shifted in time and its values scaled by a random 0.8 to 1.25.</summary>
internal sealed class RepeatedTrace(Sample[] trace, SeriesHandle series)
{
    private readonly Random _random = new(series.Number);
    private readonly long _length =
        trace[^1].SentAtMilliseconds - trace[0].SentAtMilliseconds + trace[1].SentAtMilliseconds
        - trace[0].SentAtMilliseconds;

    private long _round = 1L << 32;
    private long _shift;
    private double _scale = 1;
    private int _place;

    /// <summary>Adds the next samples.</summary>
    public void Next(int count, List<Sample> into)
    {
        for (var n = 0; n < count; n++)
        {
            if (_place == trace.Length)
            {
                _place = 0;
                _shift += _length;
            }
            if (_place == 0)
            {
                _scale = 0.8 + (_random.NextDouble() * 0.45);
            }
            var sample = trace[_place++];
            into.Add(sample with
            {
                Series = series,
                Round = _round++,
                SentAtMilliseconds = sample.SentAtMilliseconds + _shift,
                Value = (long)Math.Round(sample.Value * _scale),
            });
        }
    }
}
