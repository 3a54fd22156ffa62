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

    /// <summary>What <see cref="SeriesWindows.IsCoarse"/> says.</summary>
    public bool IsCoarse { get; set; }

    /// <summary>Awaited before the windows of each series are given.</summary>
    public Func<SeriesKey, CancellationToken, Task> BeforeWindows { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>All samples.</summary>
    public IEnumerable<Sample> Samples => _samples;

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

    public async IAsyncEnumerable<SeriesWindows> ReadWindowsAsync(
        WindowQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in PlainWindows.ReadAsync(this, query))
        {
            await BeforeWindows(found.Series, cancellationToken);
            yield return found with { IsCoarse = IsCoarse };
        }
    }

    public ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        IReadOnlyList<SeriesKey> series, CancellationToken cancellationToken) =>
        PlainWindows.ReadLatestAsync(this, series);

    public ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken) =>
        Problem is { } problem ? throw new StoreUnavailableException(problem) : new(_samples
            .Select(sample => sample.Series).Distinct().Select(catalog.KeyOf)
            .OrderBy(key => (key.Check.Value, key.VantagePoint, key.Family, key.Quantity.Name)).ToList());

    public ValueTask AddChecksAsync(IReadOnlyList<Check> checks, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AddressChange>> SaveChecksAsync(IReadOnlyList<Check> all,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
