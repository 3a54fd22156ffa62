using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <summary>A connection with its snapshot that reads windows; two of them read side by side.</summary>
internal sealed class WindowLane : IDisposable
{
    private readonly ReaderPool _readers;
    private readonly StoreConnection _connection;
    private readonly IDisposable _snapshot;
    private readonly WindowReader _reader;

    private WindowLane(ReaderPool readers, StoreConnection connection, WindowQuery query, Action<string> tellDamage)
    {
        (_readers, _connection) = (readers, connection);
        _snapshot = connection.Snapshot();
        _reader = new WindowReader(connection, query, tellDamage);
    }

    /// <summary>True once all was read without a fault: the connection may be used again.</summary>
    public bool IsDone { get; set; }

    /// <summary>Opens a lane for a query.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    public static WindowLane Open(ReaderPool readers, WindowQuery query, Action<string> tellDamage)
    {
        var connection = readers.Take();
        try
        {
            return new WindowLane(readers, connection, query, tellDamage);
        }
        catch
        {
            readers.GiveBack(connection, isSound: false);
            throw;
        }
    }

    /// <summary>The windows of some series; of one that is not stored, windows of nothing.</summary>
    public List<StepWindows?> Read(IEnumerable<(int Id, byte[] Open)?> series, CancellationToken cancellationToken)
    {
        var read = new List<StepWindows?>();
        foreach (var one in series)
        {
            cancellationToken.ThrowIfCancellationRequested();
            read.Add(one is var (id, open) ? _reader.Read(id, open, cancellationToken) : null);
        }
        return read;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _snapshot.Dispose();
        _readers.GiveBack(_connection, IsDone);
    }
}
