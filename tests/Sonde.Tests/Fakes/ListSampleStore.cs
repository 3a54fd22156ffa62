using System.Runtime.CompilerServices;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Tests;

/// <summary>A store that is a list; its series are those of a catalog.</summary>
internal sealed class ListSampleStore(SeriesCatalog catalog) : ISampleStore
{
    private const int BatchSize = 100;

    public List<Sample> Samples { get; } = [];

    /// <summary>Called before each batch is read.</summary>
    public Action BeforeBatch { get; set; } = () => { };

    public ValueTask<long> BeginRunAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask AppendAsync(ReadOnlyMemory<Sample> batch, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<ReadOnlyMemory<Sample>> ReadAsync(
        SeriesKey series, long fromMilliseconds, long toMilliseconds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var inOrder = Samples
            .Where(s => catalog.KeyOf(s.Series) == series && s.SentAtMilliseconds >= fromMilliseconds && s.SentAtMilliseconds < toMilliseconds)
            .OrderBy(s => (s.Round, s.Index));
        foreach (var batch in inOrder.Chunk(BatchSize))
        {
            BeforeBatch();
            await Task.Yield();
            yield return batch;
        }
    }

    public IAsyncEnumerable<SeriesWindows> ReadWindowsAsync(WindowQuery query, CancellationToken cancellationToken) =>
        PlainWindows.ReadAsync(this, query);

    public ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        IReadOnlyList<SeriesKey> series, CancellationToken cancellationToken) =>
        PlainWindows.ReadLatestAsync(this, series);

    public ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken) =>
        new([.. Samples.Select(s => s.Series).Distinct().Select(catalog.KeyOf)]);

    public ValueTask AddChecksAsync(IReadOnlyList<Check> checks, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AddressChange>> SaveChecksAsync(
        IReadOnlyList<Check> checks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
