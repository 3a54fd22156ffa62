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
/// (runs). Values of answered samples (<see cref="NumberPacking"/>), and of lost ones. Hop limit plus 1 (runs), of lost
/// samples only if their values are there. Suspect, duplicates (runs). Single numbers are varints, those that can be
/// negative as 0, -1, 1, -2 … ↦ 0, 1, 2, 3 …
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
        OfLost = 16,        // values and hop limits of lost samples; else these are 0
        Suspect = 32,
        Duplicates = 64,
        HopLimits = 128,
    }

    /// <summary>Writes the columns.</summary>
    public static void Write(ColumnWriter writer, SampleColumns columns)
    {
        var starts = AreConsecutive(columns.Rounds) ? [] : FindRounds(columns);
        var place = writer.Length;
        writer.Byte(0);
        var there = WriteRounds(writer, columns, starts) | WriteIndexes(writer, columns, starts)
            | WriteTimes(writer, columns, starts) | WriteOutcomes(writer, columns)
            | WriteRuns(writer, MemoryMarshal.AsBytes<bool>(columns.Suspect), Columns.Suspect)
            | WriteRuns<ushort>(writer, columns.Duplicates, Columns.Duplicates);
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
            starts[count] = i;   // overwritten when the round goes on
            count += rounds[i] != rounds[i - 1] ? 1 : 0;
        }
        return starts[..count];
    }

    private static Columns WriteRounds(ColumnWriter writer, SampleColumns columns, ReadOnlySpan<int> starts)
    {
        var rounds = columns.Rounds;
        var numbers = MemoryMarshal.Cast<long, ulong>(columns.Numbers);
        writer.Signed(rounds[0]);
        if (starts.IsEmpty)
        {
            return Columns.None;
        }
        var differences = numbers[..(starts.Length - 1)];
        for (var i = 1; i < starts.Length; i++)
        {
            differences[i - 1] = Varint.ZigZag(unchecked(rounds[starts[i]] - rounds[starts[i - 1]]));
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

    private static bool AreConsecutive(ReadOnlySpan<long> rounds)
    {
        var vectors = MemoryMarshal.Cast<long, Vector<long>>(rounds[1..]);
        var before = MemoryMarshal.Cast<long, Vector<long>>(rounds[..^1]);
        for (var i = 0; i < vectors.Length; i++)
        {
            if (vectors[i] - before[i] != Vector<long>.One)
            {
                return false;
            }
        }
        for (var i = 1 + vectors.Length * Vector<long>.Count; i < rounds.Length; i++)
        {
            if (unchecked(rounds[i] - rounds[i - 1]) != 1)
            {
                return false;
            }
        }
        return true;
    }

    private static Columns WriteIndexes(ColumnWriter writer, SampleColumns columns, ReadOnlySpan<int> starts)
    {
        if (starts.IsEmpty || starts.Length == columns.Count)
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
        line.Subtract(columns, starts.IsEmpty, distances);
        var unit = LargestUnit.TakeOut(distances);
        if (unit == 0)
        {
            return Columns.None;
        }
        writer.Number((ulong)unit);
        NumberPacking.Write(writer, distances);
        return Columns.Times;
    }

    private static Columns WriteOutcomes(ColumnWriter writer, SampleColumns columns)
    {
        var losses = MemoryMarshal.AsBytes(columns.Losses);
        var there = WriteRuns<byte>(writer, losses, Columns.Losses);
        if (there == Columns.None)
        {
            NumberPacking.Write(writer, columns.Values);
            return WriteRuns<ushort>(writer, columns.HopLimits, Columns.HopLimits);
        }
        var values = columns.Numbers;
        var hopLimits = MemoryMarshal.Cast<int, ushort>(columns.Starts)[..columns.Count];   // done with the starts
        var answered = AnsweredFirst.Gather(losses, columns.Values, values);
        AnsweredFirst.Gather(losses, columns.HopLimits, hopLimits);
        NumberPacking.Write(writer, values[..answered]);
        if (values[answered..].ContainsAnyExcept(0) || hopLimits[answered..].ContainsAnyExcept((ushort)0))
        {
            NumberPacking.Write(writer, values[answered..]);
            return there | Columns.OfLost | WriteRuns<ushort>(writer, hopLimits, Columns.HopLimits);
        }
        return there | WriteRuns<ushort>(writer, hopLimits[..answered], Columns.HopLimits);
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
