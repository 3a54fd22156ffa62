using Microsoft.Data.Sqlite;
using Sonde.Samples;

namespace Sonde.Storage.Sqlite;

/// <summary>Says in a sentence what SQLite cannot do and what to do about it (sqlite.org/rescode.html).</summary>
internal static class SqliteFault
{
    private const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, InOut = 10, Corrupt = 11, Full = 13;
    private const int CannotOpen = 14, Authorization = 23, NotADatabase = 26;

    /// <summary>The exception to throw for a fault of SQLite.</summary>
    public static StoreUnavailableException Explain(SqliteException fault, string path) =>
        new(Sentence(fault, path), fault);

    /// <summary>True when the database itself is as it was, so that it need not be opened again.</summary>
    public static bool IsPassing(SqliteException fault) => fault.SqliteErrorCode is Busy or Locked or Full;

    private static string Sentence(SqliteException fault, string path) => fault.SqliteErrorCode switch
    {
        Full => $"The disk that holds {path} is full: free some space.",
        ReadOnly =>
            $"{path} cannot be written: mount its file system writable, or give file and directory to this user " +
            "with chown.",
        CannotOpen or Permission or Authorization =>
            $"{path} cannot be opened: this user must be able to read and write it and its directory.",
        Busy or Locked => $"{path} is locked by another process: end the tool that has it open for writing.",
        Corrupt or NotADatabase =>
            $"{path} is damaged or not an SQLite database: move it away with its -wal file, and a new one is begun; " +
            "'sonde export' reads what can be read of the old one.",
        InOut =>
            $"Reading or writing {path} failed (SQLite error {fault.SqliteExtendedErrorCode}): " +
            "the disk is full or failing.",
        _ => $"{path} cannot be used: {fault.Message}",
    };
}
