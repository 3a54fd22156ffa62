using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <summary>The columns of a block of layout 2.</summary>
/// <remarks>
/// A byte that says which columns there are; what is not there is as nearly always. Then the first round, and the
/// rounds: how many different ones follow each other, the differences between them (runs), how many samples each has
/// (runs). Indexes less 0, 1, 2 … within the round (runs). The straight line near the times: start, step of a round,
/// step of an index; the unit of the distances from it, and the distances in units (<see cref="NumberPacking"/>). Loss
/// (runs). Values of answered samples, those of lost ones from
/// the last to the first (<see cref="NumberPacking"/>). Suspect, duplicates, hop limit
/// plus 1 (runs). Single numbers are varints, those that can be negative as 0, -1, 1, -2 … ↦ 0, 1, 2, 3 …
/// </remarks>
internal static partial class BlockLayout
{
    /// <summary>The columns that are there.</summary>
    [Flags]
    private enum Columns
    {
        None = 0,
        Rounds = 1,         // else each sample is a round of its own, and none is missing
        Indexes = 2,
        Times = 4,
        Losses = 8,
        ValuesOfLost = 16,
        Suspect = 32,
        Duplicates = 64,
        HopLimits = 128,
    }

    /// <summary>Writes the columns.</summary>
    public static void Write(ColumnWriter writer, SampleColumns columns)
    {
        var starts = FindRounds(columns);
        var place = writer.Length;
        writer.Byte(0);
        var there = WriteRounds(writer, columns, starts) | WriteIndexes(writer, columns, starts)
            | WriteTimes(writer, columns, starts) | WriteValues(writer, columns);
        there |= WriteRuns(writer, MemoryMarshal.AsBytes<bool>(columns.Suspect), Columns.Suspect);
        there |= WriteRuns<ushort>(writer, columns.Duplicates, Columns.Duplicates);
        there |= WriteRuns<ushort>(writer, columns.HopLimits, Columns.HopLimits);
        writer.Written.AsSpan()[place] = (byte)there;
    }

    /// <summary>The places where the rounds begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<int> FindRounds(SampleColumns columns)
    {
        var rounds = columns.Rounds;
        var starts = columns.Starts;
        var count = 1;
        starts[0] = 0;
        for (var i = 1; i < rounds.Length; i++)
        {
            if (rounds[i] != rounds[i - 1])
            {
                starts[count++] = i;
            }
        }
        return starts[..count];
    }

    private static Columns WriteRounds(ColumnWriter writer, SampleColumns columns, ReadOnlySpan<int> starts)
    {
        var rounds = columns.Rounds;
        var numbers = MemoryMarshal.Cast<long, ulong>(columns.Numbers);
        writer.Signed(rounds[0]);
        var differences = numbers[..(starts.Length - 1)];
        for (var i = 1; i < starts.Length; i++)
        {
            differences[i - 1] = Varint.ZigZag(unchecked(rounds[starts[i]] - rounds[starts[i - 1]]));
        }
        if (starts.Length == rounds.Length && !differences.ContainsAnyExcept(Varint.ZigZag(1)))
        {
            return Columns.None;
        }
        writer.Number((ulong)starts.Length);
        writer.Runs<ulong>(differences);
        var lengths = numbers[..starts.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            lengths[i] = (ulong)((i + 1 < starts.Length ? starts[i + 1] : rounds.Length) - starts[i]);
        }
        writer.Runs<ulong>(lengths);
        return Columns.Rounds;
    }

    private static Columns WriteIndexes(ColumnWriter writer, SampleColumns columns, ReadOnlySpan<int> starts)
    {
        if (starts.Length == columns.Count)   // as many rounds as samples: no numbers to count on
        {
            return WriteRuns<ushort>(writer, columns.Indexes, Columns.Indexes);
        }
        var indexes = columns.Indexes;
        var numbers = MemoryMarshal.Cast<long, ushort>(columns.Numbers)[..indexes.Length];
        for (var (i, next, place) = (0, 0, 0); i < indexes.Length; i++, place++)
        {
            if (next < starts.Length && starts[next] == i)
            {
                (next, place) = (next + 1, 0);
            }
            numbers[i] = unchecked((ushort)(indexes[i] - place));
        }
        return WriteRuns<ushort>(writer, numbers, Columns.Indexes);
    }

    private static Columns WriteTimes(ColumnWriter writer, SampleColumns columns, ReadOnlySpan<int> starts)
    {
        var line = TimeLine.Through(columns, starts);
        writer.Signed(line.Start);
        writer.Signed(line.RoundStep);
        writer.Signed(line.IndexStep);
        var distances = columns.Numbers;
        line.Subtract(columns, distances);
        var unit = TimeLine.CommonDivisor(distances);
        if (unit == 0)
        {
            return Columns.None;
        }
        for (var i = 0; i < distances.Length && unit > 1; i++)
        {
            distances[i] = (int)distances[i] / (int)unit;
        }
        writer.Number((ulong)unit);
        NumberPacking.Write(writer, distances);
        return Columns.Times;
    }

    private static Columns WriteValues(ColumnWriter writer, SampleColumns columns)
    {
        var losses = MemoryMarshal.AsBytes(columns.Losses);
        if (WriteRuns<byte>(writer, losses, Columns.Losses) == Columns.None)
        {
            NumberPacking.Write(writer, columns.Values);
            return Columns.None;
        }
        var values = columns.Values;
        var numbers = columns.Numbers;
        var (answered, lost, areZero) = (0, numbers.Length, 0L);
        for (var i = 0; i < values.Length; i++)
        {
            if (losses[i] == 0)
            {
                numbers[answered++] = values[i];
            }
            else
            {
                numbers[--lost] = values[i];   // from the end
                areZero |= values[i];
            }
        }
        NumberPacking.Write(writer, numbers[..answered]);
        if (areZero == 0)
        {
            return Columns.Losses;
        }
        NumberPacking.Write(writer, numbers[lost..]);
        return Columns.Losses | Columns.ValuesOfLost;
    }

    private static Columns WriteRuns<T>(ColumnWriter writer, ReadOnlySpan<T> column, Columns flag)
        where T : struct, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (!column.ContainsAnyExcept(T.Zero))
        {
            return Columns.None;
        }
        writer.Runs(column);
        return flag;
    }
}
