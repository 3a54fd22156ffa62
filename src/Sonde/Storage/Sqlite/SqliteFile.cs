using Microsoft.Data.Sqlite;
using Sonde.Samples;
using SQLitePCL;

namespace Sonde.Storage.Sqlite;

/// <summary>Opens connections to <c>sonde.db</c> with the settings that its promises rest on (docs/store.md).</summary>
internal static class SqliteFile
{
    /// <summary>The file's name in the data directory.</summary>
    public const string Name = "sonde.db";

    // Another process may hold the file for the moment of a checkpoint or a backup.
    private const int BusySeconds = 5;

    // Each connection has one caller at a time, so SQLite need not lock it at each of its calls
    // (sqlite.org/threadsafe.html). Only before the first connection of the process; later it changes nothing.
    static SqliteFile()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
    }

    /// <summary>Opens it for the one writer; makes and migrates it if need be.</summary>
    /// <exception cref="StoreRefusedException">A newer version, or another program, wrote it.</exception>
    /// <exception cref="SqliteException">It cannot be opened or written.</exception>
    public static SqliteConnection OpenForWriting(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            SqliteSchema.Check(connection, path);
            // page_size and auto_vacuum must stand before the first table: a page holds a dozen blocks with little room
            // left over. FULL makes each commit wait for the disk, the checkpoint likewise.
            SqliteSchema.Execute(connection, """
                PRAGMA page_size=16384;
                PRAGMA auto_vacuum=INCREMENTAL;
                PRAGMA journal_mode=WAL;
                PRAGMA synchronous=FULL;
                PRAGMA journal_size_limit=16777216;
                PRAGMA cache_size=-16384;
                """);
            SqliteSchema.Migrate(connection, path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens it to read only; another process may be writing.</summary>
    /// <exception cref="SqliteException">It cannot be opened or read.</exception>
    public static SqliteConnection OpenForReading(string path)
    {
        try
        {
            return OpenReadable(path);
        }
        catch (SqliteException) when (IsAtRest(path))
        {
            // SQLite wants to make the -shm file beside it; where it must not, a file that nobody writes can be read as
            // it is.
            var escaped = Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal);
            return OpenReadable($"file:{escaped}?immutable=1");
        }
    }

    private static SqliteConnection OpenReadable(string source)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            SqliteSchema.Execute(connection, "PRAGMA query_only=1; SELECT COUNT(*) FROM sqlite_schema;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static bool IsAtRest(string path) => new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 };
}
