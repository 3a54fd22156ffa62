using BenchmarkDotNet.Attributes;
using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Benchmarks;

/// <summary>1,000 checks at one sample a second after their first hour; the figures are for one check and second.</summary>
[MemoryDiagnoser]
public class LiveChecksBenchmarks
{
    private const int Checks = 1_000;
    private readonly SteppedTime _time = new();
    private readonly SeriesHandle[] _series = new SeriesHandle[Checks];
    private readonly Sample[] _samples = new Sample[Checks];
    private readonly Round[] _rounds = new Round[Checks];
    private readonly Random _random = new(1);
    private LiveChecks _live = null!;
    private long _round;

    /// <summary>An hour passes.</summary>
    [GlobalSetup]
    public void Measure()
    {
        var catalog = new SeriesCatalog();
        _live = new LiveChecks(catalog, _time);
        var ids = Enumerable.Range(0, Checks).Select(i => CheckId.FromName(CheckKind.Icmp, $"{i}")).ToArray();
        _live.SetChecks([.. ids.Select(id => new Check { Id = id, Name = id.Value, Kind = CheckKind.Icmp, Host = "192.0.2.1" })]);
        for (var i = 0; i < Checks; i++)
        {
            _series[i] = catalog.GetOrAdd(new(ids[i], "local", 4, Quantity.Rtt));
        }
        for (var second = 0; second < 3_700; second++)
        {
            TakeAndTick();
        }
    }

    /// <summary>What it costs while nobody looks: the samples and rounds of a second, and the tick.</summary>
    [Benchmark(OperationsPerInvoke = Checks, Baseline = true)]
    public void TakeAndTick()
    {
        _round++;
        _time.Now += TimeSpan.FromSeconds(1);
        var now = _time.Now.ToUnixTimeMilliseconds();
        for (var i = 0; i < Checks; i++)
        {
            var isLost = _random.Next(100) == 0;
            _samples[i] = new Sample
            {
                Series = _series[i],
                Round = _round,
                Index = 0,
                SentAtMilliseconds = now,
                Value = isLost ? 0 : 20_000 + _random.Next(800),
                Loss = isLost ? LossReason.Timeout : LossReason.None,
            };
            _rounds[i] = new Round(_series[i], _round, now, Sent: 1, Lost: isLost ? 1 : 0, NotSent: 0);
        }
        _live.Take(_samples, _rounds);
        _live.Tick();
    }

    /// <summary>The same with a page that shows all checks every second.</summary>
    [Benchmark(OperationsPerInvoke = Checks)]
    public int TakeTickAndView()
    {
        TakeAndTick();
        return _live.All(_time.Now.ToUnixTimeMilliseconds()).Count;
    }

    private sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
