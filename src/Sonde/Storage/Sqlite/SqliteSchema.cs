using Microsoft.Data.Sqlite;
using Sonde.Samples;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Sqlite;

/// <summary>
/// The tables, and the way from an older store to this version: forward only, each step whole or not at all.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>The version that this program writes; it stands in <c>PRAGMA user_version</c>.</summary>
    public const int Version = 3;

    // "SOND": tells our files from others' (sqlite.org/pragma.html#pragma_application_id).
    private const int ApplicationId = 0x534F_4E44;

    // The step at place n leads from version n to n + 1.
    private static readonly Action<SqliteConnection>[] Steps = [MakeFirst, GiveBlocksSummaries, CountSpace];

    /// <summary>Brings a database to <see cref="Version"/>.</summary>
    /// <exception cref="StoreRefusedException">A newer version, or another program, wrote it.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        var version = Check(connection, path);
        if (version == Version)
        {
            return;
        }
        using var transaction = connection.BeginTransaction();
        foreach (var step in Steps[version..])
        {
            step(connection);
        }
        Execute(connection, FormattableString.Invariant($"PRAGMA application_id={ApplicationId}"));
        Execute(connection, FormattableString.Invariant($"PRAGMA user_version={Version}"));
        transaction.Commit();
    }

    /// <summary>Refuses what this program cannot read.</summary>
    /// <returns>The version of the store; 0 = nothing in it yet.</returns>
    public static int Check(SqliteConnection connection, string path)
    {
        var version = (int)Scalar(connection, "PRAGMA user_version");
        var application = (int)Scalar(connection, "PRAGMA application_id");
        var isEmpty = Scalar(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0;
        if (!isEmpty && application != ApplicationId)
        {
            throw new StoreRefusedException(
                $"{path} is a database of another program: choose another directory with --data DIR.");
        }
        if (version is >= 0 and <= Version)
        {
            return version;
        }
        var versions = FormattableString.Invariant($"store version {version}, this one knows up to {Version}");
        throw new StoreRefusedException(
            $"{path} was written by a newer sonde ({versions}): use that, or another directory with --data DIR.");
    }

    /// <summary>Runs statements without a result.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void MakeFirst(SqliteConnection connection) => Execute(connection,
        """
        CREATE TABLE run (number INTEGER PRIMARY KEY, began_ms INTEGER NOT NULL);

        CREATE TABLE check_ (
          id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL,
          hidden INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE series (
          id INTEGER PRIMARY KEY, check_id TEXT NOT NULL, vantage_point TEXT NOT NULL, family INTEGER NOT NULL,
          quantity TEXT NOT NULL, unit TEXT NOT NULL,
          sealed_round INTEGER, sealed_index INTEGER,
          UNIQUE (check_id, vantage_point, family, quantity, unit));

        CREATE TABLE journal (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

        CREATE TABLE block (
          series_id INTEGER NOT NULL, first_round INTEGER NOT NULL, first_index INTEGER NOT NULL,
          last_round INTEGER NOT NULL, last_index INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
          count INTEGER NOT NULL,
          PRIMARY KEY (series_id, first_round, first_index)
        ) WITHOUT ROWID;
        CREATE INDEX block_by_time ON block (series_id, last_ms);

        CREATE TABLE block_bytes (
          series_id INTEGER NOT NULL, first_round INTEGER NOT NULL, first_index INTEGER NOT NULL, bytes BLOB NOT NULL,
          PRIMARY KEY (series_id, first_round, first_index)
        ) WITHOUT ROWID;

        CREATE TABLE mark (
          at_ms INTEGER NOT NULL, kind INTEGER NOT NULL, check_id TEXT NOT NULL, text TEXT NOT NULL,
          PRIMARY KEY (at_ms, kind, check_id, text)
        ) WITHOUT ROWID;
        """);

    private static void GiveBlocksSummaries(SqliteConnection connection)
    {
        Execute(connection, $"""
            ALTER TABLE block RENAME TO block_1;
            ALTER TABLE block_bytes RENAME TO block_bytes_1;
            DROP INDEX block_by_time;

            ALTER TABLE series ADD COLUMN longest_ms INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE series ADD COLUMN is_stepped INTEGER NOT NULL DEFAULT 0;

            CREATE TABLE block (
              series_id INTEGER NOT NULL, {SummaryTypes},
              PRIMARY KEY (series_id, first_ms, first_round, first_index)
            ) WITHOUT ROWID;
            CREATE UNIQUE INDEX block_by_round ON block (series_id, first_round, first_index);

            CREATE TABLE block_bytes (
              series_id INTEGER NOT NULL, first_ms INTEGER NOT NULL, first_round INTEGER NOT NULL,
              first_index INTEGER NOT NULL, bytes BLOB NOT NULL,
              PRIMARY KEY (series_id, first_ms, first_round, first_index)
            ) WITHOUT ROWID;

            CREATE TABLE day (
              series_id INTEGER NOT NULL, day_ms INTEGER NOT NULL, {SummaryTypes}, hours BLOB NOT NULL,
              PRIMARY KEY (series_id, day_ms)
            ) WITHOUT ROWID;
            CREATE TABLE day_due (
              series_id INTEGER NOT NULL, day_ms INTEGER NOT NULL, PRIMARY KEY (series_id, day_ms)
            ) WITHOUT ROWID;
            """);
        FirstBlocks.Convert(connection);
        Execute(connection, "DROP TABLE block_1; DROP TABLE block_bytes_1;");
    }

    private static void CountSpace(SqliteConnection connection) => Execute(connection,
        $"""
        CREATE TABLE space (
          day_ms INTEGER PRIMARY KEY, blocks INTEGER NOT NULL, samples INTEGER NOT NULL,
          summary_bytes INTEGER NOT NULL, raw_samples INTEGER NOT NULL, raw_bytes INTEGER NOT NULL);
        INSERT INTO space
          SELECT b.last_ms - ((b.last_ms % {DayTable.DayMilliseconds}) + {DayTable.DayMilliseconds})
              % {DayTable.DayMilliseconds},
            COUNT(*), SUM(b.sent), SUM({SpaceTable.SummaryLength} + length(b.sketch)),
            SUM(CASE WHEN y.bytes IS NULL THEN 0 ELSE b.sent END), COALESCE(SUM(length(y.bytes)), 0)
          FROM block b LEFT JOIN block_bytes y ON y.series_id = b.series_id AND y.first_ms = b.first_ms
            AND y.first_round = b.first_round AND y.first_index = b.first_index
          GROUP BY 1;
        CREATE TABLE forgotten (series_id INTEGER PRIMARY KEY);
        """);

    // Sums have no type: SQLite then keeps whole numbers of more than 64 bits as texts, not as inexact reals.
    private const string SummaryTypes =
        """
        first_ms INTEGER NOT NULL, first_round INTEGER NOT NULL, first_index INTEGER NOT NULL,
        last_ms INTEGER NOT NULL, last_round INTEGER NOT NULL, last_index INTEGER NOT NULL,
        sent INTEGER NOT NULL, lost INTEGER NOT NULL, losses TEXT, duplicates INTEGER NOT NULL,
        suspect INTEGER NOT NULL, first_value INTEGER, last_value INTEGER, min_value INTEGER, max_value INTEGER,
        value_sum NOT NULL, value_sum_squares NOT NULL, jitter_sum NOT NULL, jitter_pairs INTEGER NOT NULL,
        sketch BLOB NOT NULL
        """;

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
