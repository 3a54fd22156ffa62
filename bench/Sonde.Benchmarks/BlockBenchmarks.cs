using BenchmarkDotNet.Attributes;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Benchmarks;

/// <summary>What packing and unpacking blocks of real round-trip times with 1 % loss costs; the figures are for one
/// sample, those of windows for one window.</summary>
[MemoryDiagnoser]
public class BlockBenchmarks
{
    private const int Blocks = 64;
    private const int SamplesInAll = Blocks * TraceBlocks.BlockLength;
    private readonly BlockCodec _codec = new();
    private readonly SampleColumns _columns = new();
    private readonly WindowBuilder _windows = new();
    private readonly Sample[] _into = new Sample[TraceBlocks.BlockLength];
    private readonly List<(WindowFields Fields, byte[] Sketch)> _summaries = [];
    private Sample[][] _samples = [];
    private byte[][] _blocks = [];

    /// <summary>Reads the traces.</summary>
    [GlobalSetup]
    public void Read()
    {
        var whole = TraceBlocks.Read(lossRatio: 0.01).Where(block => block.Length == TraceBlocks.BlockLength).ToArray();
        _samples = [.. whole.Where((_, i) => i % (whole.Length / Blocks) == 0).Take(Blocks)];
        _blocks = [.. _samples.Select(block => _codec.Pack(block).ToArray())];
        var first = 0L;
        foreach (var block in _samples)   // one after the other, so that they merge
        {
            var moved = block.Select((sample, i) => sample with { Round = first + i }).ToArray();
            var summary = _codec.PackAndSummarize(moved).Summary;
            _summaries.Add((summary.Fields, summary.SketchToBytes()));
            first += block.Length;
        }
    }

    [Benchmark(OperationsPerInvoke = SamplesInAll)]
    public int Pack()
    {
        var bytes = 0;
        foreach (var block in _samples)
        {
            bytes += _codec.Pack(block).Count;
        }
        return bytes;
    }

    [Benchmark(OperationsPerInvoke = SamplesInAll)]
    public long PackAndSummarize()
    {
        var received = 0L;
        foreach (var block in _samples)
        {
            received += _codec.PackAndSummarize(block).Summary.Received;
        }
        return received;
    }

    [Benchmark(OperationsPerInvoke = SamplesInAll)]
    public int UnpackColumns()
    {
        var samples = 0;
        foreach (var block in _blocks)
        {
            samples += BlockCodec.TryUnpack(block, _columns) ? _columns.Count : 0;
        }
        return samples;
    }

    [Benchmark(OperationsPerInvoke = SamplesInAll)]
    public int UnpackSamples()
    {
        var samples = 0;
        foreach (var block in _blocks)
        {
            samples += BlockCodec.TryUnpack(block, default, _columns, _into, out var count) ? count : 0;
        }
        return samples;
    }

    [Benchmark(OperationsPerInvoke = SamplesInAll)]
    public long UnpackAndSummarizeHalf()
    {
        var received = 0L;
        foreach (var block in _blocks)
        {
            _ = BlockCodec.TryUnpack(block, _columns);
            received += _windows.Build(_columns.ForWindow.Slice(100, _columns.Count / 2)).Received;
        }
        return received;
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public long MergeFromFields()
    {
        var whole = new Window();
        foreach (var (fields, sketch) in _summaries)
        {
            whole.Merge(Window.FromFields(fields, sketch));
        }
        return whole.Received;
    }
}
