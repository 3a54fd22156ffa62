using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sonde.Measurement.Statistics;
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
    }
}
