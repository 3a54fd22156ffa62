using System.Data.Common;
using Sonde.Marks;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Storage.Sql;

/// <summary>
/// The store: journal, open samples and blocks in a database (docs/store.md says what is durable when).
/// </summary>
/// <remarks>
/// Opened by the first call, and again by the next one after a fault that is not a passing one: a disk that was full, a
/// directory or a server that was away is used again as soon as it is back. Every write makes sure that it goes to the
/// database that has the name now. Writing blocks the calling thread while the database works.
/// </remarks>
internal sealed partial class SampleStore(
    IStoreDatabase database, SeriesCatalog catalog, TimeProvider time, ILogger<SampleStore> logger)
    : ISampleStore, IMarkStore
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly StoredRun _run = new();
    private StoreSession? _session;
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
                    session.Samples.Append(_run.Renumber(Storable(batch)));
                }
                else
                {
                    session.Connection.Execute("SELECT 1");
                }
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken)
    {
        var keys = await UseAsync(session => session.Series.ListKeys(), cancellationToken);
        keys.Sort(SeriesOrder.Compare);
        return keys;
    }

    /// <inheritdoc/>
    public async ValueTask AddChecksAsync(IReadOnlyList<Check> checks, CancellationToken cancellationToken) =>
        await WriteAsync(session => session.Checks.Add(checks), cancellationToken);

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
            MarkTable.Add(session.Connection, mark);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Mark>> ReadMarksAsync(
        long fromMilliseconds, long toMilliseconds, CancellationToken cancellationToken) =>
        await UseAsync(
            session => MarkTable.Read(session.Connection, fromMilliseconds, toMilliseconds), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        try
        {
            _isDisposed = true;
            CloseSession_NeedsLock();
            database.Dispose();
        }
        finally
        {
            _writing.Release();
        }
    }

    private ValueTask<T> UseAsync<T>(Func<StoreSession, T> use, CancellationToken cancellationToken) =>
        HoldOnAsync(() => use(Session_NeedsLock()), cancellationToken);

    // what is written into a database that is not in its place any more is not stored
    private ValueTask<T> WriteAsync<T>(Func<StoreSession, T> write, CancellationToken cancellationToken) =>
        HoldOnAsync(
            () =>
            {
                ThrowIfTakenAway_NeedsLock();
                var result = write(Session_NeedsLock());
                ThrowIfTakenAway_NeedsLock();
                return result;
            },
            cancellationToken);

    // a run that has begun goes on when its store is refused: that may pass
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
            return database.IsRemote ? await Task.Run(use, CancellationToken.None) : use();
        }
        catch (DbException fault)
        {
            if (!database.IsPassing(fault))
            {
                CloseSession_NeedsLock();
            }
            throw database.Explain(fault);
        }
        finally
        {
            _writing.Release();
        }
    }

    private StoreSession Session_NeedsLock() => _session ??= OpenSession_NeedsLock();

    private StoreSession OpenSession_NeedsLock()
    {
        var session = StoreSession.Open(database, catalog, time, LogDamaged);
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
        if (database.IsInPlace)
        {
            return;
        }
        CloseSession_NeedsLock();
        throw new StoreUnavailableException(database.LetGo());
    }

    private void CloseSession_NeedsLock()
    {
        _session?.Dispose();
        _session = null;
    }

    private ReadOnlyMemory<Sample> Storable(ReadOnlyMemory<Sample> batch)
    {
        var refused = 0;
        foreach (ref readonly var sample in batch.Span)
        {
            refused += sample.IsStorable ? 0 : 1;
        }
        if (refused == 0)
        {
            return batch;
        }
        LogRefused(refused);
        return batch.ToArray().Where(sample => sample.IsStorable).ToArray();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store is damaged. {Damage} The rest of it is readable")]
    private partial void LogDamaged(string damage);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Count} samples were not stored: their time, their value or their round is out of range")]
    private partial void LogRefused(int count);
}
