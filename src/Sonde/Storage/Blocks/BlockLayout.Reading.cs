using System.Numerics;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Blocks;

/// <content>Reading: any bytes may be given.</content>
internal static partial class BlockLayout
{
    private const int MaxHopLimit = byte.MaxValue + 1;

    /// <summary>Reads what <see cref="Write"/> wrote; anything after damage.</summary>
    public static void Read(ref ColumnReader reader, SampleColumns columns)
    {
        var there = (Columns)reader.Byte();
        ReadRounds(ref reader, columns, (there & Columns.Rounds) != 0);
        ReadRuns(ref reader, columns.Indexes, ushort.MaxValue, (there & Columns.Indexes) != 0);
        if ((there & Columns.Rounds) != 0)
        {
            AddPlacesInRounds(columns);
        }
        ReadTimes(ref reader, columns, there);
        ReadOutcomes(ref reader, columns, there);
        ReadRuns(ref reader, MemoryMarshal.AsBytes(columns.Suspect), 1, (there & Columns.Suspect) != 0);
        ReadRuns(ref reader, columns.Duplicates, ushort.MaxValue, (there & Columns.Duplicates) != 0);
    }

    private static void ReadRounds(ref ColumnReader reader, SampleColumns columns, bool areThere)
    {
        var rounds = columns.Rounds;
        var first = reader.Signed();
        if (!areThere)
        {
            for (var i = 0; i < rounds.Length; i++)
            {
                rounds[i] = unchecked(first + i);
            }
            return;
        }
        var count = (int)reader.AtMost((ulong)rounds.Length);
        if (count == 0)
        {
            reader.Damage();
            return;
        }
        // the differences stand where the first rounds will
        reader.Runs(MemoryMarshal.Cast<long, ulong>(rounds[1..count]), ulong.MaxValue);
        reader.Runs(MemoryMarshal.Cast<long, ulong>(columns.Numbers[..count]), (ulong)rounds.Length);
        rounds[0] = first;
        for (var i = 1; i < count; i++)
        {
            rounds[i] = unchecked(rounds[i - 1] + Varint.UnZigZag((ulong)rounds[i]));
        }
        SpreadRounds(ref reader, rounds, columns.Numbers[..count]);
    }

    /// <summary>Moves the rounds to where their samples are: from the last on, for none moves forward.</summary>
    private static void SpreadRounds(ref ColumnReader reader, Span<long> rounds, ReadOnlySpan<long> lengths)
    {
        var end = rounds.Length;
        for (var i = lengths.Length - 1; i >= 0; i--)
        {
            var start = end - (int)lengths[i];
            if (start < i || start >= end)
            {
                reader.Damage();
                return;
            }
            rounds[start..end].Fill(rounds[i]);
            end = start;
        }
        if (end != 0)
        {
            reader.Damage();
        }
    }

    private static void AddPlacesInRounds(SampleColumns columns)
    {
        var rounds = columns.Rounds;
        var indexes = columns.Indexes;
        for (var (i, place) = (1, 0); i < rounds.Length; i++)
        {
            place = rounds[i] == rounds[i - 1] ? place + 1 : 0;
            indexes[i] = unchecked((ushort)(indexes[i] + place));
        }
    }

    private static void ReadTimes(ref ColumnReader reader, SampleColumns columns, Columns there)
    {
        var line = new TimeLine(reader.Signed(), reader.Signed(), reader.Signed());
        var unit = 0L;
        if ((there & Columns.Times) != 0)
        {
            unit = (long)reader.AtMost(int.MaxValue);
            NumberPacking.Read(ref reader, columns.Numbers);
        }
        line.Add(columns, (there & Columns.Rounds) == 0, columns.Numbers, unit);
    }

    private static void ReadOutcomes(ref ColumnReader reader, SampleColumns columns, Columns there)
    {
        var losses = MemoryMarshal.AsBytes(columns.Losses);
        var areHopsThere = (there & Columns.HopLimits) != 0;
        ReadRuns(ref reader, losses, byte.MaxValue, (there & Columns.Losses) != 0);
        if ((there & Columns.Losses) == 0)
        {
            NumberPacking.Read(ref reader, columns.Values);
            ReadRuns(ref reader, columns.HopLimits, MaxHopLimit, areHopsThere);
            return;
        }
        var values = columns.Numbers;
        var hopLimits = MemoryMarshal.Cast<int, ushort>(columns.Starts)[..columns.Count];
        var answered = losses.Count((byte)0);
        NumberPacking.Read(ref reader, values[..answered]);
        if ((there & Columns.OfLost) != 0)
        {
            NumberPacking.Read(ref reader, values[answered..]);
            ReadRuns(ref reader, hopLimits, MaxHopLimit, areHopsThere);
        }
        else
        {
            values[answered..].Clear();
            ReadRuns(ref reader, hopLimits[..answered], MaxHopLimit, areHopsThere);
            hopLimits[answered..].Clear();
        }
        AnsweredFirst.Scatter(losses, values, columns.Values);
        AnsweredFirst.Scatter(losses, hopLimits, columns.HopLimits);
    }

    private static void ReadRuns<T>(ref ColumnReader reader, Span<T> column, ulong limit, bool areThere)
        where T : struct, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (areThere)
        {
            reader.Runs(column, limit);
        }
        else
        {
            column.Clear();
        }
    }
}
