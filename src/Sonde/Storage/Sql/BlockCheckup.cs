using System.Data.Common;
using System.Globalization;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Storage.Blocks;

namespace Sonde.Storage.Sql;

/// <summary>
/// Reads every block of a series: its bytes, whether its summary is bit for bit that of its samples, and whether blocks
/// lie in order. Within one snapshot.
/// </summary>
internal sealed class BlockCheckup(
    StoreConnection connection, ReadableSeries series, string name, Action<string> tell)
{
    private const string AllOfSeries =
        $"""
        SELECT {SummaryColumns.Names}, (
          SELECT y.bytes FROM block_bytes y WHERE y.series_id = b.series_id AND y.first_ms = b.first_ms
            AND y.first_round = b.first_round AND y.first_index = b.first_index)
        FROM block b WHERE b.series_id = $1 ORDER BY b.first_round, b.first_index
        """;

    private const string WithoutSummary =
        """
        SELECT y.first_ms FROM block_bytes y WHERE y.series_id = $1 AND NOT EXISTS (
          SELECT 1 FROM block b WHERE b.series_id = y.series_id AND b.first_ms = y.first_ms
            AND b.first_round = y.first_round AND b.first_index = y.first_index)
        """;

    private readonly SampleColumns _columns = new();
    private readonly WindowBuilder _builder = new();
    private readonly object?[] _expected = new object?[SummaryColumns.Count];
    private SampleIdentity _last = SampleIdentity.BeforeAll;
    private long _lastBegin = long.MinValue;

    public long Blocks { get; private set; }

    public long Samples { get; private set; }

    /// <summary>Up to this time samples are gone, by retention, or damaged; null = none.</summary>
    public long? GoneUpTo { get; private set; }

    /// <summary>Reads them all.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        using (var statement = connection.Prepare(AllOfSeries))
        {
            using var rows = statement.Query(series.Id);
            while (rows.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                Blocks++;
                Check(rows);
            }
        }
        if (_last > series.SealedUpTo)
        {
            tell($"A block of {name} is not in the list of series: its samples may be there twice.");
        }
        using var orphans = connection.Prepare(WithoutSummary);
        using var lost = orphans.Query(series.Id);
        while (lost.Read())
        {
            var from = UtcTime.Of(lost.GetInt64(0));
            tell($"The block of {name} from {from} UTC on has lost its summary: nobody finds it.");
        }
    }

    private void Check(DbDataReader row)
    {
        var (earliest, latest) = (row.GetInt64(0), row.GetInt64(3));
        var where = $"of {name} from {UtcTime.Of(earliest)} to {UtcTime.Of(latest)} UTC";
        CheckPlace(row, earliest, latest, where);
        if (row.IsDBNull(SummaryColumns.Count))
        {
            NoteGone(latest);
            CheckAlone(row, where);
            return;
        }
        if (!BlockCodec.TryUnpack(StoredValue.Bytes(row, SummaryColumns.Count), _columns) || _columns.Count == 0)
        {
            NoteGone(latest);
            var sent = row.GetInt64(6).ToString(CultureInfo.InvariantCulture);
            tell($"The block {where} is damaged: its samples ({sent}) cannot be read.");
            CheckAlone(row, where);
            return;
        }
        Samples += _columns.Count;
        if (!IsSummaryOf(row))
        {
            NoteGone(latest);
            tell(
                $"The summary of the block {where} is not that of its {_columns.Count} samples: "
                + "one of both is damaged.");
        }
    }

    private void CheckPlace(DbDataReader row, long earliest, long latest, string where)
    {
        var first = new SampleIdentity(row.GetInt64(1), (ushort)row.GetInt32(2));
        if (first <= _last && Blocks > 1)
        {
            tell($"The block {where} overlaps the one before it: samples may be there twice.");
        }
        if (latest < earliest || latest - earliest > series.LongestBlockMilliseconds)
        {
            tell($"The block {where} is longer than any block should be: some queries miss it.");
        }
        if (earliest < _lastBegin && !series.IsStepped)
        {
            tell($"The block {where} is not in the order of time, and the series does not say so.");
        }
        (_last, _lastBegin) = (new SampleIdentity(row.GetInt64(4), (ushort)row.GetInt32(5)), earliest);
    }

    private void CheckAlone(DbDataReader row, string where)
    {
        try
        {
            SummaryColumns.Read(row, connection.Dialect);
        }
        catch (Exception error) when (StoredValue.IsDamage(error))
        {
            tell($"The summary of the block {where} is damaged: it cannot be read.");
        }
    }

    private bool IsSummaryOf(DbDataReader row)
    {
        try
        {
            var (earliest, latest) = (long.MaxValue, long.MinValue);
            foreach (var time in _columns.Times)
            {
                (earliest, latest) = (Math.Min(earliest, time), Math.Max(latest, time));
            }
            SummaryColumns.Write(new SampleSummary(earliest, latest, _builder.Build(_columns.ForWindow)), _expected);
        }
        catch (ArgumentException)
        {
            return false;   // not in order
        }
        for (var column = 0; column < SummaryColumns.Count; column++)
        {
            if (!IsEqual(row, column, _expected[column]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>True when a column has a value as <see cref="SummaryColumns.Write"/> makes it.</summary>
    public static bool IsEqual(DbDataReader row, int column, object? expected) => expected switch
    {
        null => row.IsDBNull(column),
        byte[] bytes => row.GetValue(column) is byte[] stored && stored.AsSpan().SequenceEqual(bytes),
        string text => row.GetValue(column) as string == text,
        Int128 whole => SqlDialect.ReadWhole(row, column) == whole,
        _ => !row.IsDBNull(column) && row.GetValue(column) is var stored and (long or int or short)
            && Convert.ToInt64(stored, CultureInfo.InvariantCulture)
                == Convert.ToInt64(expected, CultureInfo.InvariantCulture),
    };

    private void NoteGone(long latest) => GoneUpTo = Math.Max(GoneUpTo ?? latest, latest);
}
