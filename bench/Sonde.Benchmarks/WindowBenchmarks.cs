using BenchmarkDotNet.Attributes;
using Sonde.Measurement;
using Sonde.Measurement.Statistics;

namespace Sonde.Benchmarks;

/// <summary>What a window costs for each sample, merge and packing.</summary>
[MemoryDiagnoser]
public class WindowBenchmarks
{
    private const int Samples = 300;
    private readonly long[] _values = new long[Samples];
    private Window _minute = new();
    private byte[] _packed = [];

    /// <summary>RTTs around 20 ms, one in a hundred lost.</summary>
    [GlobalSetup]
    public void Measure()
    {
        var random = new Random(1);
        for (var i = 0; i < Samples; i++)
        {
            _values[i] = random.Next(100) == 0 ? -1 : 20_000 + random.Next(800);
        }
        _minute = Summarize(60);
        _packed = _minute.ToBytes();
    }

    [Benchmark(OperationsPerInvoke = Samples)]
    public Window AddFiveMinutes() => Summarize(Samples);

    [Benchmark]
    public Window Copy() => Window.MergeAll([_minute]);

    [Benchmark]
    public byte[] Pack() => _minute.ToBytes();

    [Benchmark]
    public Window Unpack() => Window.FromBytes(_packed);

    private Window Summarize(int samples)
    {
        var window = new Window();
        for (var i = 0; i < samples; i++)
        {
            var value = _values[i];
            window.Add(i, 0, value < 0 ? LossReason.Timeout : LossReason.None, Math.Max(value, 0));
        }
        return window;
    }
}
