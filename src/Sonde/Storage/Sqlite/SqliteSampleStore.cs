using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Sonde.Marks;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Storage.Sqlite;

/// <summary>
/// The embedded store: <c>sonde.db</c> in the data directory (docs/store.md says what is durable when).
/// </summary>
/// <remarks>
/// Opened by the first call, and again by the next one after a fault that is not a passing one: a disk that was full or
/// away is used again as soon as it is back. Writing blocks the calling thread while the disk works.
/// </remarks>
internal sealed partial class SqliteSampleStore(
    string directory, SeriesCatalog catalog, TimeProvider time, ILogger<SqliteSampleStore> logger)
    : ISampleStore, IMarkStore
{
    private const int MaxIdleReaders = 4;

    private readonly string _path = Path.Combine(directory, SqliteFile.Name);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentBag<SqliteConnection> _idleReaders = [];
    private StoreDirectory? _directory;
    private SqliteSession? _session;
    private bool _isDisposed;

    /// <inheritdoc/>
    public ValueTask<long> BeginRunAsync(CancellationToken cancellationToken) => UseAsync(
        session => RunNumber.FirstRound(session.Runs.Begin(time.GetUtcNow().ToUnixTimeMilliseconds())),
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendAsync(ReadOnlyMemory<Sample> batch, CancellationToken cancellationToken)
    {
        if (batch.Length > 0)
        {
            await UseAsync(
                session =>
                {
                    session.Samples.Append(batch.Span);
                    return true;
                },
                cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<Sample>> ReadAsync(
        SeriesKey series, long fromMilliseconds, long toMilliseconds,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stored = await UseAsync(session => session.Series.Copy(series), cancellationToken);
        if (stored is not var (id, open) || fromMilliseconds >= toMilliseconds)
        {
            yield break;
        }
        var span = new SeriesSpan(id, catalog.GetOrAdd(series), fromMilliseconds, toMilliseconds);
        var connection = Explained(TakeReader);
        var isDone = false;
        try
        {
            using var snapshot = Explained(() => connection.BeginTransaction(deferred: true));
            using var batches = SqliteSeriesReader.Read(connection, span, open, LogDamaged).GetEnumerator();
            while (Explained(batches.MoveNext))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return CollectionsMarshal.AsSpan(batches.Current).ToArray();
            }
            isDone = true;
        }
        finally
        {
            GiveBack(connection, isDone);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken)
    {
        var keys = await UseAsync(session => session.Series.ListKeys(), cancellationToken);
        keys.Sort(SeriesOrder.Compare);
        return keys;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AddressChange>> SaveChecksAsync(
        IReadOnlyList<Check> checks, CancellationToken cancellationToken) =>
        await UseAsync(session => session.Checks.Save(checks), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AddMarkAsync(Mark mark, CancellationToken cancellationToken) => await UseAsync(
        session =>
        {
            SqliteMarks.Add(session.Connection, mark);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Mark>> ReadMarksAsync(
        long fromMilliseconds, long toMilliseconds, CancellationToken cancellationToken) =>
        await UseAsync(
            session => SqliteMarks.Read(session.Connection, fromMilliseconds, toMilliseconds), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        try
        {
            _isDisposed = true;
            CloseSession_NeedsLock();
            _directory?.Dispose();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async ValueTask<T> UseAsync<T>(Func<SqliteSession, T> use, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _directory ??= StoreDirectory.Take(directory);
            return use(_session ??= SqliteSession.Open(_path, catalog, LogDamaged));
        }
        catch (SqliteException fault)
        {
            if (!SqliteFault.IsPassing(fault))
            {
                CloseSession_NeedsLock();
            }
            throw SqliteFault.Explain(fault, _path);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void CloseSession_NeedsLock()
    {
        while (_idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }
        _session?.Dispose();
        _session = null;
    }

    private T Explained<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.Explain(fault, _path);
        }
    }

    private SqliteConnection TakeReader() =>
        _idleReaders.TryTake(out var idle) ? idle : SqliteFile.OpenForReading(_path);

    private void GiveBack(SqliteConnection reader, bool isSound)
    {
        if (isSound && !_isDisposed && _idleReaders.Count < MaxIdleReaders)
        {
            _idleReaders.Add(reader);
        }
        else
        {
            reader.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store is damaged. {Damage} The rest of it is readable")]
    private partial void LogDamaged(string damage);
}
