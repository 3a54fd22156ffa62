using System.Globalization;
using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Benchmarks;

/// <summary>Samples of real round-trip times (RIPE Atlas, a probe each four minutes), cut into blocks.</summary>
internal static class TraceBlocks
{
    /// <summary>How many samples a block has.</summary>
    public const int BlockLength = 700;

    private static readonly string[] TimeForms = ["yyyy-MM-dd HH:mm:ss", "dd/MM/yyyy HH:mm"];

    /// <summary>The directory of the traces: the environment's SONDE_TRACES, or where the build machine has
    /// them.</summary>
    public static string Directory =>
        Environment.GetEnvironmentVariable("SONDE_TRACES") ?? "/work/shared/data/rtt_changes";

    /// <summary>All traces as they are, in whole microseconds.</summary>
    public static IReadOnlyList<Sample[]> ReadSeries() =>
    [
        .. System.IO.Directory.GetFiles(Directory, "*.csv").Order(StringComparer.Ordinal).Select(file =>
            File.ReadLines(file).Skip(1).Select(line => line.Split(';')).Where(fields => fields.Length > 1)
                .Select((fields, round) => ToSample(fields, round, scale: 1, isDropped: false)).ToArray()),
    ];

    /// <summary>All traces as they are, but each scaled by a random 0.8 to 1.25.</summary>
    /// <param name="lossRatio">How many more of the samples are lost at random, 0 to 1.</param>
    public static IReadOnlyList<Sample[]> Read(double lossRatio)
    {
        var random = new Random(1);
        var blocks = new List<Sample[]>();
        foreach (var file in System.IO.Directory.GetFiles(Directory, "*.csv").Order(StringComparer.Ordinal))
        {
            var scale = 0.8 + (random.NextDouble() * 0.45);
            var samples = File.ReadLines(file).Skip(1).Select(line => line.Split(';'))
                .Where(fields => fields.Length > 1)
                .Select((fields, round) => ToSample(fields, round, scale, random.NextDouble() < lossRatio));
            blocks.AddRange(samples.Chunk(BlockLength));
        }
        return blocks;
    }

    /// <summary>The same round-trip times as if measured each second, sent up to a millisecond late now and
    /// then.</summary>
    public static IReadOnlyList<Sample[]> EverySecond(IReadOnlyList<Sample[]> blocks)
    {
        var random = new Random(2);
        var (start, second) = (new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), 0);
        return [.. blocks.Select(block => block.Select(sample =>
            sample with { SentAtMilliseconds = start + 1_000L * second++ + random.Next(6) / 5 }).ToArray())];
    }

    private static Sample ToSample(string[] fields, int round, double scale, bool isDropped)
    {
        var time = DateTimeOffset.ParseExact(
            fields[0], TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var milliseconds = double.Parse(fields[1], CultureInfo.InvariantCulture);
        var isLost = isDropped || milliseconds <= 0;
        return new Sample
        {
            Series = default,
            Round = (7L << 32) + round,
            Index = 0,
            SentAtMilliseconds = time.ToUnixTimeMilliseconds(),
            Value = isLost ? 0 : (long)Math.Round(milliseconds * 1_000 * scale),
            Loss = isLost ? LossReason.Timeout : LossReason.None,
            TimeToLive = isLost ? null : (byte)57,
        };
    }
}
