using System.Globalization;
using Npgsql;
using Sonde.Samples;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Postgres;

/// <summary>
/// The tables in the schema <c>sonde</c>, and the way from an older store to this version: forward only, each step
/// whole or not at all, under an advisory lock.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>The schema that the tables lie in.</summary>
    public const string Name = "sonde";

    private const string SummaryTypes =
        """
        first_ms bigint NOT NULL, first_round bigint NOT NULL, first_index integer NOT NULL,
        last_ms bigint NOT NULL, last_round bigint NOT NULL, last_index integer NOT NULL,
        sent integer NOT NULL, lost integer NOT NULL, losses text, duplicates bigint NOT NULL,
        suspect integer NOT NULL, first_value bigint, last_value bigint, min_value bigint, max_value bigint,
        value_sum numeric NOT NULL, value_sum_squares numeric NOT NULL, jitter_sum numeric NOT NULL,
        jitter_pairs integer NOT NULL, sketch bytea NOT NULL
        """;

    /// <summary>The version that this program writes; it stands in the table <c>version</c>.</summary>
    public static int Version => Steps.Length;

    // The step at place n leads from version n to n + 1.
    private static readonly string[] Steps =
    [
        $"""
        CREATE TABLE run (number bigint PRIMARY KEY, began_ms bigint NOT NULL);

        CREATE TABLE check_ (
          id text COLLATE "C" PRIMARY KEY, name text NOT NULL, kind text NOT NULL, address text NOT NULL,
          hidden smallint NOT NULL);

        CREATE TABLE series (
          id integer PRIMARY KEY, check_id text COLLATE "C" NOT NULL, vantage_point text COLLATE "C" NOT NULL,
          family smallint NOT NULL, quantity text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL,
          sealed_round bigint, sealed_index integer, longest_ms bigint NOT NULL, is_stepped integer NOT NULL,
          UNIQUE (check_id, vantage_point, family, quantity, unit))
          WITH (fillfactor = 50);

        CREATE TABLE journal (seq bigint PRIMARY KEY, bytes bytea NOT NULL)
          WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
            autovacuum_vacuum_insert_threshold = -1, toast.autovacuum_vacuum_scale_factor = 0,
            toast.autovacuum_vacuum_threshold = 20000);
        ALTER TABLE journal ALTER COLUMN bytes SET STORAGE EXTERNAL;

        CREATE TABLE block (
          series_id integer NOT NULL, {SummaryTypes},
          PRIMARY KEY (series_id, first_ms, first_round, first_index))
          PARTITION BY RANGE (first_ms);
        CREATE INDEX block_by_round ON block (series_id, first_round, first_index);
        CREATE INDEX block_by_end ON block USING brin (last_ms);

        CREATE TABLE block_bytes (
          series_id integer NOT NULL, first_ms bigint NOT NULL, first_round bigint NOT NULL,
          first_index integer NOT NULL, bytes bytea NOT NULL,
          PRIMARY KEY (series_id, first_ms, first_round, first_index))
          PARTITION BY RANGE (first_ms);
        ALTER TABLE block_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;

        CREATE TABLE day (
          series_id integer NOT NULL, day_ms bigint NOT NULL, {SummaryTypes}, hours bytea NOT NULL,
          PRIMARY KEY (series_id, day_ms))
          PARTITION BY RANGE (day_ms);
        CREATE TABLE day_due (
          series_id integer NOT NULL, day_ms bigint NOT NULL, PRIMARY KEY (series_id, day_ms));

        CREATE TABLE mark (
          at_ms bigint NOT NULL, kind smallint NOT NULL, check_id text COLLATE "C" NOT NULL,
          text text COLLATE "C" NOT NULL,
          PRIMARY KEY (at_ms, kind, check_id, text));
        """,
        $"""
        CREATE TABLE space (
          day_ms bigint PRIMARY KEY, blocks bigint NOT NULL, samples bigint NOT NULL, summary_bytes bigint NOT NULL,
          raw_samples bigint NOT NULL, raw_bytes bigint NOT NULL);
        INSERT INTO space
          SELECT b.last_ms - ((b.last_ms % {DayTable.DayMilliseconds}) + {DayTable.DayMilliseconds})
              % {DayTable.DayMilliseconds},
            COUNT(*), SUM(b.sent), SUM({SpaceTable.SummaryLength} + length(b.sketch)),
            SUM(CASE WHEN y.bytes IS NULL THEN 0 ELSE b.sent END), COALESCE(SUM(length(y.bytes)), 0)
          FROM block b LEFT JOIN block_bytes y ON y.series_id = b.series_id AND y.first_ms = b.first_ms
            AND y.first_round = b.first_round AND y.first_index = b.first_index
          GROUP BY 1;
        CREATE TABLE forgotten (series_id bigint PRIMARY KEY);
        """,
    ];

    /// <summary>Brings a database to <see cref="Version"/>; the caller holds the writer's lock.</summary>
    /// <exception cref="StoreRefusedException">A newer version, or another program, wrote it.</exception>
    public static void Migrate(NpgsqlConnection connection, string shown)
    {
        var version = Check(connection, shown);
        if (version == Version)
        {
            return;
        }
        using var transaction = connection.BeginTransaction();
        if (version == 0)
        {
            if (Scalar(connection, $"SELECT to_regnamespace('{Name}')::text") is null)
            {
                Execute(connection, $"CREATE SCHEMA {Name}");
            }
            Execute(connection, "CREATE TABLE version (number integer NOT NULL)");
            Execute(connection, "INSERT INTO version VALUES (0)");
        }
        foreach (var step in Steps[version..])
        {
            Execute(connection, step);
        }
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"UPDATE version SET number = {Version}"));
        transaction.Commit();
    }

    /// <summary>Refuses what this program cannot read.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="shown">Its address, for messages.</param>
    /// <returns>The version of the store; 0 = there is none yet.</returns>
    public static int Check(NpgsqlConnection connection, string shown)
    {
        if (Scalar(connection, $"SELECT to_regclass('{Name}.version')::text") is null)
        {
            var isEmpty = Scalar(
                connection,
                $"SELECT relname::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
                + $"WHERE nspname = '{Name}' LIMIT 1") is null;
            return isEmpty ? 0 : throw new StoreRefusedException(
                $"The schema {Name} of {shown} is another program's: give Sonde a database of its own.");
        }
        var version = Scalar(connection, $"SELECT number FROM {Name}.version") as int?;
        if (version is > 0 && version <= Version)
        {
            return version.Value;
        }
        throw new StoreRefusedException(
            $"{shown} was written by a newer sonde (store version {version}, this one knows up to {Version}): use "
            + "that, or another database.");
    }

    private static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
