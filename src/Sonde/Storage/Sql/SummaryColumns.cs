using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Sonde.Measurement;
using Sonde.Measurement.Statistics;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>The summary of some samples, as plain columns that people may ask with SQL (docs/store.md).</summary>
internal static class SummaryColumns
{
    /// <summary>Their names, in the order of the values.</summary>
    public const string Names =
        """
        first_ms, first_round, first_index, last_ms, last_round, last_index, sent, lost, losses, duplicates, suspect,
        first_value, last_value, min_value, max_value, value_sum, value_sum_squares, jitter_sum, jitter_pairs, sketch
        """;

    /// <summary>How many they are.</summary>
    public const int Count = 20;

    /// <summary>Their parameters, when they follow one other: <c>$2, $3 … $21</c>.</summary>
    public static readonly string ParametersFrom2 = string.Join(
        ", ", Enumerable.Range(2, Count).Select(place => FormattableString.Invariant($"${place}")));

    private static readonly Dictionary<string, LossReason> Reasons =
        Enumerable.Range(1, byte.MaxValue).Select(number => (LossReason)number)
            .ToDictionary(reason => reason.ToWord());

    /// <summary>True for the columns of whole numbers that may be longer than 64 bits.</summary>
    public static bool IsWhole(string column) => column is "value_sum" or "value_sum_squares" or "jitter_sum";

    /// <summary>The values of a summary.</summary>
    public static void Write(in SampleSummary summary, Span<object?> values)
    {
        var fields = summary.Window.Fields;
        var isAnswered = summary.Window.Received > 0;
        values[0] = summary.EarliestMilliseconds;
        values[1] = fields.First.Round;
        values[2] = fields.First.Index;
        values[3] = summary.LatestMilliseconds;
        values[4] = fields.Last.Round;
        values[5] = fields.Last.Index;
        values[6] = fields.Sent;
        values[7] = summary.Window.Lost;
        values[8] = summary.Window.Lost == 0 ? null : WriteLosses(fields.Losses);
        values[9] = fields.Duplicates;
        values[10] = fields.Suspect;
        values[11] = fields.First.Value;
        values[12] = fields.Last.Value;
        values[13] = isAnswered ? fields.Minimum : null;
        values[14] = isAnswered ? fields.Maximum : null;
        values[15] = fields.Sum;
        values[16] = (Int128)fields.SumOfSquares;
        values[17] = (Int128)fields.JitterSum;
        values[18] = fields.JitterPairs;
        values[19] = summary.Window.SketchToBytes();
    }

    /// <summary>Reads a summary from the columns of a row.</summary>
    /// <exception cref="FormatException">The columns contradict each other.</exception>
    public static SampleSummary Read(DbDataReader row, SqlDialect dialect)
    {
        try
        {
            return ReadColumns(row, dialect);
        }
        catch (Exception error) when (StoredValue.IsDamage(error))
        {
            throw new FormatException("The columns of a summary are damaged.", error);
        }
    }

    private static SampleSummary ReadColumns(DbDataReader row, SqlDialect dialect)
    {
        var isAnswered = !row.IsDBNull(13);
        var fields = new WindowFields
        {
            First = new WindowEdge(row.GetInt64(1), row.GetInt32(2), Value(row, 11)),
            Last = new WindowEdge(row.GetInt64(4), row.GetInt32(5), Value(row, 12)),
            Sent = row.GetInt64(6),
            Losses = row.GetInt64(7) == 0 ? [] : ReadLosses(row.GetString(8)),
            Duplicates = row.GetInt64(9),
            Suspect = row.GetInt64(10),
            Minimum = isAnswered ? row.GetInt64(13) : 0,
            Maximum = isAnswered ? row.GetInt64(14) : 0,
            Sum = dialect.ReadFast(row, 15),
            SumOfSquares = (UInt128)dialect.ReadFast(row, 16),
            JitterSum = (UInt128)dialect.ReadFast(row, 17),
            JitterPairs = row.GetInt64(18),
        };
        var window = Window.FromFields(fields, StoredValue.Bytes(row, 19));
        return new SampleSummary(row.GetInt64(0), row.GetInt64(3), window);
    }

    private static long? Value(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static string WriteLosses(ImmutableArray<LossCount> losses)
    {
        var text = new StringBuilder("{");
        foreach (var (reason, count) in losses)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(reason.ToWord()).Append("\":").Append(count);
        }
        return text.Append('}').ToString();
    }

    private static ImmutableArray<LossCount> ReadLosses(string text)
    {
        var losses = ImmutableArray.CreateBuilder<LossCount>();
        foreach (var part in text.AsSpan().Trim("{}").Split(','))
        {
            var pair = text.AsSpan().Trim("{}")[part];
            var colon = pair.IndexOf(':');
            if (colon < 0 || !Reasons.TryGetValue(pair[..colon].Trim('"').ToString(), out var reason))
            {
                throw new FormatException("the reasons of loss cannot be read");
            }
            losses.Add(new LossCount(reason, long.Parse(pair[(colon + 1)..], CultureInfo.InvariantCulture)));
        }
        return losses.ToImmutable();
    }
}

/// <summary>A window, and the earliest and the latest time at which its samples were sent.</summary>
internal readonly record struct SampleSummary(long EarliestMilliseconds, long LatestMilliseconds, Window Window);
