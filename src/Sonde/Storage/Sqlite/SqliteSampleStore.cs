using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Sonde.Marks;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Storage.Sqlite;

/// <summary>
/// The embedded store: <c>sonde.db</c> in the data directory (docs/store.md says what is durable when).
/// </summary>
/// <remarks>
/// Opened by the first call, and again by the next one after a fault that is not a passing one: a disk that was full or
/// away is used again as soon as it is back. Every write makes sure that it goes to the files that are in the directory
/// now: one that was removed is made anew, one that was replaced is taken if nobody else has it. Writing
/// blocks the calling thread while the disk works.
/// </remarks>
internal sealed partial class SqliteSampleStore(
    string directory, SeriesCatalog catalog, TimeProvider time, ILogger<SqliteSampleStore> logger)
    : ISampleStore, IMarkStore
{
    private readonly string _path = Path.Combine(directory, SqliteFile.Name);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly StoredRun _run = new();
    private StoreDirectory? _directory;
    private SqliteSession? _session;
    private IReadOnlyList<Check>? _checks;
    private bool _isDisposed;

    /// <inheritdoc/>
    public ValueTask<long> BeginRunAsync(CancellationToken cancellationToken) => HoldAsync(
        () => _run.Begin(Session_NeedsLock().Runs, time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AppendAsync(ReadOnlyMemory<Sample> batch, CancellationToken cancellationToken) =>
        await WriteAsync(
            session =>
            {
                if (batch.Length > 0)
                {
                    session.Samples.Append(_run.Renumber(batch.Span));
                }
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<Sample>> ReadAsync(
        SeriesKey series, long fromMilliseconds, long toMilliseconds,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (stored, readers) = await UseAsync(
            session => (session.Series.Copy(series), session.Readers), cancellationToken);
        if (stored is not var (id, open) || fromMilliseconds >= toMilliseconds)
        {
            yield break;
        }
        var span = new SeriesSpan(id, catalog.GetOrAdd(series), fromMilliseconds, toMilliseconds);
        var connection = Explained(readers.Take);
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
            readers.GiveBack(connection, isDone);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SeriesWindows> ReadWindowsAsync(
        WindowQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var series in query.Series)
        {
            var windows = new Window?[query.Count];
            await foreach (var batch in ReadAsync(
                series, query.FromMilliseconds, query.ToMilliseconds, cancellationToken))
            {
                foreach (var sample in batch.Span)
                {
                    var place = (sample.SentAtMilliseconds - query.FromMilliseconds) / query.StepMilliseconds;
                    (windows[place] ??= new Window()).Add(
                        sample.Round, sample.Index, sample.Loss, sample.Value, sample.Duplicates, sample.IsSuspect);
                }
            }
            yield return new SeriesWindows(series, windows, IsCoarse: false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        IReadOnlyList<SeriesKey> series, CancellationToken cancellationToken)
    {
        var latest = new Sample?[series.Count];
        for (var place = 0; place < latest.Length; place++)
        {
            await foreach (var batch in ReadAsync(series[place], long.MinValue, long.MaxValue, cancellationToken))
            {
                latest[place] = batch.Span[^1];
            }
        }
        return latest;
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
        await WriteAsync(
            session =>
            {
                var changes = session.Checks.Save(checks);
                _checks = checks;
                return changes;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AddMarkAsync(Mark mark, CancellationToken cancellationToken) => await WriteAsync(
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

    private ValueTask<T> UseAsync<T>(Func<SqliteSession, T> use, CancellationToken cancellationToken) =>
        HoldOnAsync(() => use(Session_NeedsLock()), cancellationToken);

    // what is written into files that are not in their place any more is not stored
    private ValueTask<T> WriteAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken) =>
        HoldOnAsync(
            () =>
            {
                ThrowIfTakenAway_NeedsLock();
                var result = write(Session_NeedsLock());
                ThrowIfTakenAway_NeedsLock();
                return result;
            },
            cancellationToken);

    // a run that has begun goes on when its directory is refused: that may pass
    private async ValueTask<T> HoldOnAsync<T>(Func<T> use, CancellationToken cancellationToken)
    {
        try
        {
            return await HoldAsync(use, cancellationToken);
        }
        catch (StoreRefusedException refused)
        {
            throw new StoreUnavailableException(refused.Message, refused);
        }
    }

    private async ValueTask<T> HoldAsync<T>(Func<T> use, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return use();
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

    private SqliteSession Session_NeedsLock()
    {
        _directory ??= StoreDirectory.Take(directory);
        return _session ??= OpenSession_NeedsLock();
    }

    private SqliteSession OpenSession_NeedsLock()
    {
        var session = SqliteSession.Open(_path, catalog, LogDamaged);
        try
        {
            _run.Resume(session.Runs);
            if (_checks is not null)
            {
                session.Checks.Save(_checks);   // it may be another database than the one before
            }
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void ThrowIfTakenAway_NeedsLock()
    {
        if (_directory is { IsInPlace: true } or null && _session is { IsInPlace: true } or null)
        {
            return;
        }
        CloseSession_NeedsLock();
        _directory?.Dispose();
        _directory = null;
        throw new StoreUnavailableException(
            $"The data directory {directory}, or the store in it, was removed, moved or replaced while it was in use: "
            + "put it back, or a new store is begun there.");
    }

    private void CloseSession_NeedsLock()
    {
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

    [LoggerMessage(Level = LogLevel.Error, Message = "The store is damaged. {Damage} The rest of it is readable")]
    private partial void LogDamaged(string damage);
}
