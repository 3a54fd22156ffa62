namespace Sonde.Storage.Sql;

/// <summary>Connections that read one database beside its writer, kept for the next reading. Any thread.</summary>
internal sealed class ReaderPool(IStoreDatabase database) : IDisposable
{
    private const int MaxIdle = 4;

    private readonly Lock _gate = new();
    private readonly Stack<StoreConnection> _idle = new();
    private bool _isDisposed;

    /// <summary>Gives a connection; the caller gives it back.</summary>
    /// <exception cref="System.Data.Common.DbException">It cannot be opened or read.</exception>
    public StoreConnection Take()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out var idle))
            {
                return idle;
            }
        }
        return database.OpenForReading();
    }

    /// <summary>Takes a connection back; one that failed, or that nobody needs any more, is closed.</summary>
    public void GiveBack(StoreConnection reader, bool isSound)
    {
        lock (_gate)
        {
            if (isSound && !_isDisposed && _idle.Count < MaxIdle)
            {
                _idle.Push(reader);
                return;
            }
        }
        reader.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            while (_idle.TryPop(out var reader))
            {
                reader.Dispose();
            }
        }
    }
}
