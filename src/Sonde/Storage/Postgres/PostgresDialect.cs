using System.Numerics;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Postgres;

/// <summary>The SQL of PostgreSQL.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly PostgresDialect Instance = new();

    /// <inheritdoc/>
    public override string BeginWriting => "BEGIN";

    /// <inheritdoc/>
    public override string BeginReading => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /// <inheritdoc/>
    public override string ParameterName(int place) => "";   // those without a name are positional

    /// <inheritdoc/>
    public override object ToValue(Int128 whole) => (BigInteger)whole;   // numeric

    /// <inheritdoc/>
    public override long Version(StoreConnection connection) => connection.Number("SELECT number::bigint FROM version");

    /// <inheritdoc/>
    public override long BytesOnDisk(StoreConnection connection) => connection.Number(
        """
        SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'
        """);
}
