using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sonde.Marks;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Tests;

/// <summary>A store of samples and marks in memory.</summary>
internal sealed class MemoryStore(SeriesCatalog catalog) : ISampleStore, IMarkStore
{
    private readonly ConcurrentQueue<Sample> _samples = [];
    private readonly ConcurrentQueue<Mark> _marks = [];

    /// <summary>Set to make every read fail with this sentence.</summary>
    public string? Problem { get; set; }

    public void Add(Sample sample) => _samples.Enqueue(sample);

    public ValueTask AppendAsync(ReadOnlyMemory<Sample> batch, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<ReadOnlyMemory<Sample>> ReadAsync(
        SeriesKey series, long fromMilliseconds, long toMilliseconds,
            [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (Problem is { } problem)
        {
            throw new StoreUnavailableException(problem);
        }
        yield return _samples.Where(sample => catalog.KeyOf(sample.Series) == series
            && sample.SentAtMilliseconds >= fromMilliseconds && sample.SentAtMilliseconds < toMilliseconds).ToArray();
    }

    public ValueTask AddMarkAsync(Mark mark, CancellationToken cancellationToken)
    {
        _marks.Enqueue(mark);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Mark>> ReadMarksAsync(long fromMilliseconds, long toMilliseconds,
        CancellationToken cancellationToken) =>
        new(_marks.Where(mark => mark.AtMilliseconds >= fromMilliseconds && mark.AtMilliseconds < toMilliseconds)
            .ToList());

    public ValueTask<long> BeginRunAsync(CancellationToken cancellationToken) => new(1);

    public IAsyncEnumerable<SeriesWindows> ReadWindowsAsync(WindowQuery query, CancellationToken cancellationToken) =>
        PlainWindows.ReadAsync(this, query);

    public ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        IReadOnlyList<SeriesKey> series, CancellationToken cancellationToken) =>
        PlainWindows.ReadLatestAsync(this, series);

    public ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AddressChange>> SaveChecksAsync(IReadOnlyList<Check> all,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
