using BenchmarkDotNet.Attributes;
using Sonde.Measurement.Statistics;

namespace Sonde.Benchmarks;

/// <summary>What a quantile sketch costs for each sample, merge and question.</summary>
[MemoryDiagnoser]
public class SketchBenchmarks
{
    private const int Values = 1_000;
    private readonly long[] _values = new long[Values];
    private readonly QuantileSketch _minute = new();
    private readonly QuantileSketch _warm = new();
    private readonly QuantileSketch _sum = new();

    /// <summary>RTTs around 20 ms with a tail, as a long path has them.</summary>
    [GlobalSetup]
    public void Measure()
    {
        var random = new Random(1);
        for (var i = 0; i < Values; i++)
        {
            _values[i] = 20_000 + random.Next(500) + (random.Next(20) == 0 ? random.Next(20_000) : 0);
            _warm.Add(_values[i]);
        }
        foreach (var value in _values.AsSpan(0, 60))
        {
            _minute.Add(value);
        }
    }

    [Benchmark(OperationsPerInvoke = Values)]
    public void Add()
    {
        _warm.Clear();
        foreach (var value in _values)
        {
            _warm.Add(value);
        }
    }

    [Benchmark]
    public long MergeAnHour()
    {
        _sum.Clear();
        for (var minute = 0; minute < 60; minute++)
        {
            _sum.Merge(_minute);
        }
        return _sum.Count;
    }

    [Benchmark]
    public long? NinetyFifth() => _warm.Quantile(0.95);
}
