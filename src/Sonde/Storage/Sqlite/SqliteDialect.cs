using System.Globalization;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Sqlite;

/// <summary>The SQL of SQLite.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly SqliteDialect Instance = new();

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
}
