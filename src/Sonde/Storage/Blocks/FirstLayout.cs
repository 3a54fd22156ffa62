using System.Runtime.InteropServices;
using Sonde.Measurement;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>Reads blocks of layout 1, which older stores have. Nothing writes it any more.</summary>
/// <remarks>
/// The count, then the columns: rounds (the first, then differences as runs), indexes (runs of the difference to what
/// the round lets expect), times (differences of differences), loss (runs), values (differences between answered ones),
/// suspect, duplicates, hop limit + 1 (runs). Numbers are varints.
/// </remarks>
internal static class FirstLayout
{
    /// <summary>Reads the columns; anything after damage.</summary>
    public static void Read(ref ColumnReader reader, SampleColumns columns)
    {
        ReadIdentities(ref reader, columns);
        ReadTimes(ref reader, columns.Times);
        ReadValues(ref reader, columns);
        ReadRuns(ref reader, columns.Numbers);
        for (var i = 0; i < columns.Count; i++)
        {
            columns.Suspect[i] = AtMost(ref reader, columns.Numbers[i], 1) == 1;
        }
        ReadRuns(ref reader, columns.Numbers);
        for (var i = 0; i < columns.Count; i++)
        {
            columns.Duplicates[i] = (ushort)AtMost(ref reader, columns.Numbers[i], ushort.MaxValue);
        }
        ReadRuns(ref reader, columns.Numbers);
        for (var i = 0; i < columns.Count; i++)
        {
            columns.HopLimits[i] = (ushort)AtMost(ref reader, columns.Numbers[i], byte.MaxValue + 1);
        }
    }

    private static void ReadIdentities(ref ColumnReader reader, SampleColumns columns)
    {
        var rounds = columns.Rounds;
        var indexes = columns.Indexes;
        ReadRuns(ref reader, columns.Numbers);
        var round = 0L;
        for (var i = 0; i < rounds.Length; i++)
        {
            round = unchecked(round + Varint.UnZigZag((ulong)columns.Numbers[i]));
            rounds[i] = round;
        }
        ReadRuns(ref reader, columns.Numbers);
        for (var i = 0; i < rounds.Length; i++)
        {
            var isFirst = i == 0 || rounds[i] != rounds[i - 1];
            var expected = isFirst ? 0 : unchecked((ushort)(indexes[i - 1] + 1));
            var index = unchecked(Varint.UnZigZag((ulong)columns.Numbers[i]) + expected);
            indexes[i] = (ushort)AtMost(ref reader, index, ushort.MaxValue);
        }
    }

    private static void ReadTimes(ref ColumnReader reader, Span<long> times)
    {
        var (time, step) = (0L, 0L);
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = unchecked(time + step + reader.Signed());
            step = i == 0 ? 0 : unchecked(times[i] - time);
            time = times[i];
        }
    }

    private static void ReadValues(ref ColumnReader reader, SampleColumns columns)
    {
        ReadRuns(ref reader, columns.Numbers);
        var answered = 0L;
        for (var i = 0; i < columns.Count; i++)
        {
            var loss = (LossReason)AtMost(ref reader, columns.Numbers[i], byte.MaxValue);
            columns.Losses[i] = loss;
            var number = reader.Signed();
            columns.Values[i] = loss == LossReason.None ? unchecked(answered + number) : number;
            answered = loss == LossReason.None ? columns.Values[i] : answered;
        }
    }

    /// <summary>Reads a column of runs, of numbers of up to 64 bits.</summary>
    private static void ReadRuns(ref ColumnReader reader, Span<long> numbers) =>
        reader.Runs(MemoryMarshal.Cast<long, ulong>(numbers), ulong.MaxValue);

    private static long AtMost(ref ColumnReader reader, long value, long limit)
    {
        if (value >= 0 && value <= limit)
        {
            return value;
        }
        reader.Damage();
        return 0;
    }
}
