using Sonde.Measurement;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Tests;

/// <summary>Samples and series to test with.</summary>
internal static class Given
{
    /// <summary>2026-01-01T00:00:00Z.</summary>
    public const long Start = 1_767_225_600_000;

    public static SeriesKey Series(string check, byte family = 4) =>
        new(CheckId.Parse(check), "local", family, Quantity.Rtt);

    public static Sample Sample(SeriesHandle series, long round, ushort index = 0, long value = 1_000) => new()
    {
        Series = series,
        Round = round,
        Index = index,
        SentAtMilliseconds = Start + (round * 1_000) + (index * 100),
        Value = value,
        TimeToLive = 57,
    };

    public static List<Sample> Samples(SeriesHandle series, long firstRound, int count) =>
        [.. Enumerable.Range(0, count).Select(n => Sample(series, firstRound + n, value: 1_000 + ((firstRound + n) * 7919 % 500)))];

    /// <summary>Any sample at all; the same for the same seed.</summary>
    public static Sample Any(Random random, SeriesHandle series) => new()
    {
        Series = series,
        Round = Extreme(random),
        Index = (ushort)Extreme(random),
        SentAtMilliseconds = Extreme(random),
        Value = Extreme(random),
        Loss = (LossReason)(random.Next(3) == 0 ? random.Next(256) : 0),
        IsSuspect = random.Next(4) == 0,
        Duplicates = (ushort)(random.Next(4) == 0 ? Extreme(random) : 0),
        TimeToLive = random.Next(3) switch { 0 => null, 1 => 64, _ => (byte)random.Next(256) },
    };

    private static long Extreme(Random random) => random.Next(5) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue),
        1 => random.Next(2) == 0 ? long.MinValue : long.MaxValue,
        _ => random.NextInt64(-300, 100_000),
    };
}
