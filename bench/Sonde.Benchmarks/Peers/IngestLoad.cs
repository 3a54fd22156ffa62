using System.Globalization;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Benchmarks.Peers;

/// <summary>Samples of many series, one of each a second, as probes would make them; the same in every run.</summary>
internal sealed class IngestLoad
{
    private const int LossEvery = 200;
    private readonly Sample[] _batch;
    private readonly long[] _base;
    private readonly Random _random = new(1);
    private readonly long _first = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private int _second;

    public IngestLoad(SeriesCatalog catalog, int series)
    {
        _batch = [.. Enumerable.Range(0, series).Select(number => new Sample
        {
            Series = catalog.GetOrAdd(new SeriesKey(
                CheckId.Parse(string.Create(CultureInfo.InvariantCulture, $"icmp-{number}")), "local", 4, Quantity.Rtt)),
            Round = 0,
            Index = 0,
            SentAtMilliseconds = 0,
        })];
        _base = [.. _batch.Select(_ => _random.NextInt64(2_000, 250_000))];
    }

    /// <summary>The samples of the next second; the next call changes them.</summary>
    public ReadOnlyMemory<Sample> Next(long round)
    {
        for (var place = 0; place < _batch.Length; place++)
        {
            var isLost = _random.Next(LossEvery) == 0;
            _batch[place] = _batch[place] with
            {
                Round = round,
                SentAtMilliseconds = _first + (_second * 1_000L) + (place / 10) + _random.Next(3),
                Value = isLost ? 0 : _base[place] + _random.Next(400),
                Loss = isLost ? LossReason.Timeout : LossReason.None,
                TimeToLive = isLost ? null : 57,
            };
        }
        _second++;
        return _batch;
    }
}
