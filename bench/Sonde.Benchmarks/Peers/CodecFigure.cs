using System.Diagnostics;
using System.Globalization;
using Sonde.Measurement;
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
        var lossy = TraceBlocks.Read(lossRatio: 0.01);
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
            BitsRow("traces of the Internet", traces),
            BitsRow("the same each second", TraceBlocks.EverySecond(traces)),
            BitsRow("traces with 1 % loss", lossy),
            RateRow("packed with summary", packing, LeastPacked),
            RateRow("unpacked", unpacking, LeastUnpacked),
        ];
    }

    private FigureRow BitsRow(string what, IReadOnlyList<Sample[]> blocks)
    {
        var all = Bits(blocks, sample => sample);
        var withoutTimes = Bits(blocks, sample => sample with { SentAtMilliseconds = sample.Round });
        var withoutValues = Bits(blocks, sample => sample with { Value = 0 });
        var withoutLoss = Bits(blocks, sample => sample with { Loss = LossReason.None, Value = sample.IsLost ? blocks[0][0].Value : sample.Value });
        var withoutHops = Bits(blocks, sample => sample with { TimeToLive = null });
        var columns = string.Create(CultureInfo.InvariantCulture,
            $"times {all - withoutTimes:0.00}, values {all - withoutValues:0.00}, "
            + $"loss {all - withoutLoss:0.00}, hop limits {all - withoutHops:0.00}");
        return FigureRow.Alone(
            $"codec: bits a sample, {what} ({columns})", all.ToString("0.00", CultureInfo.InvariantCulture),
            $"≤ {MostBits.ToString(CultureInfo.InvariantCulture)}", all <= MostBits);
    }

    private double Bits(IReadOnlyList<Sample[]> blocks, Func<Sample, Sample> change) =>
        8.0 * blocks.Sum(block => _codec.Pack([.. block.Select(change)]).Count) / blocks.Sum(block => block.Length);

    /// <summary>Million samples a second in several runs of a tenth of a second or more.</summary>
    private static double[] Rates(FigureSettings settings, IReadOnlyList<Sample[]> blocks, Action all)
    {
        all();
        return [.. Enumerable.Range(0, Math.Max(5, settings.Runs)).Select(_ =>
        {
            var (watch, rounds) = (Stopwatch.StartNew(), 0);
            for (; watch.ElapsedMilliseconds < 100; rounds++)
            {
                all();
            }
            return rounds * blocks.Sum(block => block.Length) / watch.Elapsed.TotalMicroseconds;
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
