using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>
/// The database open for writing, with what is known of it in memory. One caller at a time, but for the series'
/// readers.
/// </summary>
internal sealed class StoreSession : IDisposable
{
    private StoreSession(IStoreDatabase database, StoreConnection connection, SeriesCatalog catalog, TimeProvider time)
    {
        Connection = connection;
        Series = new SeriesTable(connection, catalog);
        Runs = new RunTable(connection);
        Samples = new SampleWriter(connection, Series, Runs, time);
        Checks = new CheckTable(connection, Series);
        Readers = new ReaderPool(database);
    }

    public StoreConnection Connection { get; }

    public SeriesTable Series { get; }

    public RunTable Runs { get; }

    public SampleWriter Samples { get; }

    public CheckTable Checks { get; }

    public ReaderPool Readers { get; }

    /// <summary>Opens the database, makes or migrates it, and reads what is open.</summary>
    /// <param name="database">The database.</param>
    /// <param name="catalog">The series of this process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tellDamage">Told of each damaged row, in a sentence.</param>
    public static StoreSession Open(
        IStoreDatabase database, SeriesCatalog catalog, TimeProvider time, Action<string> tellDamage)
    {
        var connection = database.OpenForWriting();
        try
        {
            var session = new StoreSession(database, connection, catalog, time);
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
