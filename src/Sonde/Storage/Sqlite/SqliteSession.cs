using Microsoft.Data.Sqlite;
using Sonde.Measurement.Files;
using Sonde.Samples;

namespace Sonde.Storage.Sqlite;

/// <summary>
/// The database open for writing, with what is known of it in memory. One caller at a time, but for the series'
/// readers.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly string _path;
    private readonly FileIdentity? _identity;

    private SqliteSession(SqliteConnection connection, string path, SeriesCatalog catalog)
    {
        (_path, _identity) = (path, FileIdentity.Of(path));
        Connection = connection;
        Series = new SeriesTable(connection, catalog);
        Runs = new SqliteRuns(connection);
        Samples = new SqliteSampleWriter(connection, Series, Runs);
        Checks = new SqliteChecks(connection, Series);
        Readers = new SqliteReaders(path);
    }

    public SqliteConnection Connection { get; }

    public SeriesTable Series { get; }

    public SqliteRuns Runs { get; }

    public SqliteSampleWriter Samples { get; }

    public SqliteChecks Checks { get; }

    public SqliteReaders Readers { get; }

    /// <summary>False when the database file was removed or is another one now.</summary>
    public bool IsInPlace => FileIdentity.Of(_path) == _identity;

    /// <summary>Opens the database, makes or migrates it, and reads what is open.</summary>
    public static SqliteSession Open(string path, SeriesCatalog catalog, Action<string> tellDamage)
    {
        var connection = SqliteFile.OpenForWriting(path);
        try
        {
            var session = new SqliteSession(connection, path, catalog);
            session.Series.Load();
            session.Samples.Load(tellDamage);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Readers.Dispose();
        Samples.Dispose();
        Runs.Dispose();
        Series.Dispose();
        Connection.Dispose();
    }
}
