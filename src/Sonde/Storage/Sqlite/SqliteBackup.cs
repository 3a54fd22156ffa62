using Microsoft.Data.Sqlite;
using Sonde.Samples;
using Sonde.Storage.Sql;
using SQLitePCL;

namespace Sonde.Storage.Sqlite;

/// <summary>Copies a store into a file as it is at one moment, also while another process writes it.</summary>
internal static class SqliteBackup
{
    private const int PagesAtOnce = 256;

    /// <summary>
    /// Copies it. The file has its name only when it is whole, on the disk and found sound.
    /// </summary>
    /// <param name="source">The store, open for reading.</param>
    /// <param name="file">The file to make; it must not be there.</param>
    /// <param name="progress">Told how much is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it early; then there is no file.</param>
    /// <exception cref="SqliteException">The store cannot be read, or the file cannot be written.</exception>
    /// <exception cref="StoreUnavailableException">The copy is damaged.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static void Run(
        StoreConnection source, string file, Action<double> progress, CancellationToken cancellationToken)
    {
        var partial = file + ".partial";
        File.Delete(partial);
        try
        {
            using (source.Snapshot())   // so that it is one moment, and no write makes it begin anew
            {
                source.Number("SELECT COUNT(*) FROM run");
                Copy((SqliteConnection)source.Raw, partial, progress, cancellationToken);
            }
            using (var written = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }
            File.Move(partial, file);   // not over one that is there
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
        finally
        {
            File.Delete(partial + "-journal");
        }
    }

    private static void Copy(
        SqliteConnection source, string path, Action<double> progress, CancellationToken cancellationToken)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        target.Open();
        var backup = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (backup is null || backup.IsInvalid)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(target.Handle), target.Handle);
        }
        var result = raw.SQLITE_OK;
        using (backup)
        {
            while ((result = raw.sqlite3_backup_step(backup, PagesAtOnce)) == raw.SQLITE_OK)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var all = raw.sqlite3_backup_pagecount(backup!);
                progress(all == 0 ? 0 : 1 - (raw.sqlite3_backup_remaining(backup!) / (double)all));
            }
        }
        if (result != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(result, target.Handle);
        }
        // the copy says that it has a log of writes beside it: it has none yet
        SqliteSchema.Execute(target, "PRAGMA journal_mode=DELETE");
        using var check = target.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if (check.ExecuteScalar() as string is not "ok" and var finding)
        {
            throw new StoreUnavailableException(
                $"The copy is damaged as the store is: {finding}. 'sonde store verify' says what of it can be read.");
        }
    }
}
