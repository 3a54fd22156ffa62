using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sonde.Samples;

namespace Sonde.Storage.Sql;

/// <content>The queries: on connections of their own, beside the writer.</content>
internal sealed partial class SampleStore
{
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
            using var snapshot = Explained(() => connection.Snapshot());
            using var batches = SampleReader.Read(connection, span, open, LogDamaged).GetEnumerator();
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
    public async ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        IReadOnlyList<SeriesKey> series, CancellationToken cancellationToken)
    {
        var (stored, readers) = await UseAsync(
            session => (series.Select(session.Series.Copy).ToList(), session.Readers), cancellationToken);
        var connection = Explained(readers.Take);
        var isDone = false;
        try
        {
            using var snapshot = Explained(connection.Snapshot);
            var latest = new Sample?[series.Count];
            for (var place = 0; place < latest.Length; place++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                latest[place] = stored[place] is var (id, open)
                    ? Explained(() => LatestReader.Read(connection, id, catalog.GetOrAdd(series[place]), open))
                    : null;
            }
            isDone = true;
            return latest;
        }
        finally
        {
            readers.GiveBack(connection, isDone);
        }
    }

    private T Explained<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DbException fault)
        {
            throw database.Explain(fault);
        }
        catch (Exception error) when (StoredValue.IsDamage(error))
        {
            throw new StoreUnavailableException(
                "A table of the store is damaged: 'sonde store verify' says what can be read.", error);
        }
    }
}
