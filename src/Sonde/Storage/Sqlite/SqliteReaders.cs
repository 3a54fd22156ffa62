using Microsoft.Data.Sqlite;

namespace Sonde.Storage.Sqlite;

/// <summary>Connections that read one database beside its writer, kept for the next reading. Any thread.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private const int MaxIdle = 4;

    private readonly Lock _gate = new();
    private readonly Stack<SqliteConnection> _idle = new();
    private bool _isDisposed;

    /// <summary>Gives a connection; the caller gives it back.</summary>
    /// <exception cref="SqliteException">It cannot be opened or read.</exception>
    public SqliteConnection Take()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out var idle))
            {
                return idle;
            }
        }
        return SqliteFile.OpenForReading(path);
    }

    /// <summary>Takes a connection back; one that failed, or that nobody needs any more, is closed.</summary>
    public void GiveBack(SqliteConnection reader, bool isSound)
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
