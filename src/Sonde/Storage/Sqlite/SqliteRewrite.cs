using Sonde.Samples;
using Sonde.Storage.Sql;

namespace Sonde.Storage.Sqlite;

/// <summary>
/// Writes <c>sonde.db</c> anew without its gaps, in pages of the size of a new store. The old file stays until the new
/// one is whole and on the disk, and takes its place in one step: kill -9 and a full disk leave one of both.
/// </summary>
internal static class SqliteRewrite
{
    private const string Suffix = ".compacting";

    /// <summary>What is left of a rewriting that was broken off, and nobody needs.</summary>
    public static void RemoveRest(string directory) => File.Delete(PathIn(directory) + Suffix);

    /// <summary>Says whether there is room for the copy.</summary>
    /// <exception cref="StoreUnavailableException">There is not: how much is missing.</exception>
    public static void ThrowIfNoRoom(StoreConnection connection, string directory)
    {
        var needed = connection.Dialect.BytesOnDisk(connection) - connection.Dialect.FreeBytes(connection);
        needed += needed / 8;   // pages are filled a little differently
        var room = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        if (room < needed)
        {
            throw new StoreUnavailableException(
                $"Compacting needs room for a copy of the store: {Megabytes(needed)} in {directory}, but there are "
                + $"{Megabytes(room)} free. Nothing was changed: free some space.");
        }
    }

    /// <summary>Rewrites the file; the connection is closed by it.</summary>
    /// <param name="connection">The store, open for writing; nobody else writes it.</param>
    /// <param name="directory">The data directory.</param>
    public static void Run(StoreConnection connection, string directory)
    {
        var (path, copy) = (PathIn(directory), PathIn(directory) + Suffix);
        File.Delete(copy);
        try
        {
            connection.Execute("PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL");
            using (var into = connection.Prepare("VACUUM INTO $1"))
            {
                into.Execute(copy);
            }
            using (var written = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(copy, File.GetUnixFileMode(path));
            }
            // All of the log of writes goes into the old file, and the log away: it must not be taken for the new
            // file's. This fails while somebody reads.
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            connection.Execute("PRAGMA journal_mode=DELETE");
            connection.Dispose();
            if (File.Exists(path + "-wal"))
            {
                throw new StoreUnavailableException(
                    $"{path} is being read by another process: end that one, and compact again. Nothing was lost.");
            }
            File.Move(copy, path, overwrite: true);
        }
        catch
        {
            File.Delete(copy);
            throw;
        }
    }

    private static string PathIn(string directory) => Path.Combine(directory, SqliteFile.Name);

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F0} MB");
}
