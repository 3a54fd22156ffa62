using System.Globalization;
using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Benchmarks.Peers;

/// <summary>How many bits a sample takes in a block, by column, and how fast blocks are packed and unpacked.</summary>
internal sealed class CodecFigure : IFigure
{
    private const double MostBits = 13.1;
    private const double LeastPacked = 40;
    private const double LeastUnpacked = 100;
    private readonly BlockCodec _codec = new();
    private readonly SampleColumns _columns = new();
    private readonly Sample[] _into = new Sample[TraceBlocks.BlockLength];

    /// <inheritdoc/>
    public string Name => "codec";

    /// <inheritdoc/>
    public string? Program => null;

    /// <inheritdoc/>
    public IReadOnlyList<FigureRow> Run(FigureSettings settings)
    {
        var traces = TraceBlocks.Read(lossRatio: 0);
        var all = TraceBlocks.Read(lossRatio: 0.01);
        var lossy = all.Where((block, i) => i % 4 == 0 && block.Length == TraceBlocks.BlockLength).ToList();
        var packed = lossy.Select(block => _codec.Pack(block).ToArray()).ToList();
        var packing = Rates(settings, lossy, () =>
        {
            foreach (var block in lossy)
            {
                _codec.PackAndSummarize(block);
            }
        });
        var unpacking = Rates(settings, lossy, () =>
        {
            foreach (var block in packed)
            {
                BlockCodec.TryUnpack(block, default, _columns, _into, out _);
            }
        });
        return
        [
            BitsRow("traces of the Internet", traces, MostBits),
            BitsRow("the same each second", TraceBlocks.EverySecond(traces), MostBits),
            BitsRow("traces with 1 % loss", all, null),
            RateRow("packed with summary", packing, LeastPacked),
            RateRow("unpacked", unpacking, LeastUnpacked),
        ];
    }

    private FigureRow BitsRow(string what, IReadOnlyList<Sample[]> blocks, double? most)
    {
        var all = Bits(blocks, sample => sample);
        var times = all - Bits(blocks, sample => sample with { SentAtMilliseconds = sample.Round });
        var values = all - Bits(blocks, sample => sample with { Value = 0 });
        var hops = all - Bits(blocks, sample => sample with { TimeToLive = null });
        var columns = string.Create(CultureInfo.InvariantCulture,
            $"times {times:0.00}, values {values:0.00}, hop limits {hops:0.00}, rest {all - times - values - hops:0.00}");
        return FigureRow.Alone(
            $"codec: bits a sample, {what} ({columns})", all.ToString("0.00", CultureInfo.InvariantCulture),
            most is { } bar ? $"≤ {bar.ToString(CultureInfo.InvariantCulture)}" : "–", all <= (most ?? all));
    }

    private double Bits(IReadOnlyList<Sample[]> blocks, Func<Sample, Sample> change) =>
        8.0 * blocks.Sum(block => _codec.Pack([.. block.Select(change)]).Count) / blocks.Sum(block => block.Length);

    /// <summary>Million samples a second of processor time in several runs of a tenth of a second or more.</summary>
    private static double[] Rates(FigureSettings settings, IReadOnlyList<Sample[]> blocks, Action all)
    {
        all();
        return [.. Enumerable.Range(0, Math.Max(5, settings.Runs)).Select(_ =>
        {
            var (before, rounds, used) = (Environment.CpuUsage.TotalTime, 0, TimeSpan.Zero);
            for (; used < TimeSpan.FromSeconds(0.1); rounds++)
            {
                all();
                used = Environment.CpuUsage.TotalTime - before;
            }
            return (double)rounds * blocks.Sum(block => block.Length) / used.TotalMicroseconds;
        })];
    }

    private static FigureRow RateRow(string what, double[] rates, double least)
    {
        var rate = Spread.Median(rates);
        return FigureRow.Alone(
            $"codec: million samples {what} a second on one core (best {rates.Max().ToString("0", CultureInfo.InvariantCulture)})",
            rate.ToString("0.0", CultureInfo.InvariantCulture),
            $"≥ {least.ToString(CultureInfo.InvariantCulture)}", rate >= least);
    }
}
