using System.Data.Common;
using System.Globalization;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Sqlite;

/// <summary>The SQL of SQLite.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly SqliteDialect Instance = new();

    // Free pages up to this share of the file stay: what the next hour writes finds room without growing it.
    private const int KeptShare = 64;

    // 4 MB of pages of 16 KB: some 20 ms.
    private const int PagesAtOnce = 256;

    private static readonly string[] ParameterNames =
        [.. Enumerable.Range(1, 32).Select(place => FormattableString.Invariant($"${place}"))];

    /// <inheritdoc/>
    public override string BeginWriting => "BEGIN IMMEDIATE";

    /// <inheritdoc/>
    public override string BeginReading => "BEGIN";   // one snapshot for all that is read (sqlite.org/isolation.html)

    /// <inheritdoc/>
    public override string ParameterName(int place) => ParameterNames[place - 1];

    /// <inheritdoc/>
    /// <remarks>An INTEGER when it has up to 64 bits, else its digits as TEXT, exact all the same.</remarks>
    public override object ToValue(Int128 whole) => whole >= long.MinValue && whole <= long.MaxValue
        ? (long)whole
        : whole.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override long Version(StoreConnection connection) => connection.Number("PRAGMA user_version");

    /// <inheritdoc/>
    public override long BytesOnDisk(StoreConnection connection) =>
        connection.Number("PRAGMA page_count") * connection.Number("PRAGMA page_size");

    /// <inheritdoc/>
    public override long FreeBytes(StoreConnection connection) =>
        connection.Number("PRAGMA freelist_count") * connection.Number("PRAGMA page_size");

    /// <inheritdoc/>
    /// <remarks>A little is kept for what comes next. The file shrinks with the checkpoint.</remarks>
    public override bool GiveBack(StoreConnection connection)
    {
        var surplus = connection.Number("PRAGMA freelist_count") - (connection.Number("PRAGMA page_count") / KeptShare);
        if (surplus > 0 && Vacuum(connection, Math.Min(surplus, PagesAtOnce)) && surplus > PagesAtOnce)
        {
            return true;
        }
        using var checkpoint = connection.Prepare("PRAGMA wal_checkpoint(PASSIVE)");
        using var rows = checkpoint.Query();
        return false;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> FindDamage(StoreConnection connection)
    {
        using var statement = connection.Prepare("PRAGMA quick_check(20)");
        using var rows = statement.Query();
        while (rows.Read())
        {
            if (rows.GetString(0) is var finding and not "ok")
            {
                yield return finding;
            }
        }
    }

    // The statement gives a row for each page that it freed (sqlite.org/pragma.html#pragma_incremental_vacuum).
    private static bool Vacuum(StoreConnection connection, long pages)
    {
        using var statement = connection.Prepare(
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({pages})"));
        var before = connection.Number("PRAGMA freelist_count");
        using (var freed = statement.Query())
        {
            while (freed.Read())
            {
                // until it is done
            }
        }
        return connection.Number("PRAGMA freelist_count") < before;
    }

    /// <inheritdoc/>
    public override Int128 ReadFast(DbDataReader row, int column)
    {
        // of a text with more than 64 bits SQLite gives the nearest number that has them (sqlite.org/lang_expr.html)
        var whole = row.GetInt64(column);
        return whole is > long.MinValue and < long.MaxValue ? whole : ReadWhole(row, column);
    }
}
