using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sonde.Charts;
using Sonde.Marks;
using Sonde.Measurement.Statistics;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests;

/// <summary>A whole record in memory: store, board and live stream over the samples that a test adds.</summary>
internal sealed class MemoryRecord(IReadOnlyList<Check> checks, SeriesCatalog catalog) : ISampleStore, IMarkStore, ICheckBoard, ILiveSamples
{
    private readonly Lock _changing = new();
    private readonly Dictionary<SeriesKey, List<Sample>> _samples = [];
    private readonly List<Mark> _marks = [];
    private readonly List<Channel<LiveBatch>> _readers = [];
    private long _batches;

    /// <summary>Set to make every read of the store fail with this sentence.</summary>
    public string? StoreProblem { get; set; }

    /// <summary>How many live readers are reading now.</summary>
    public int Readers { get { lock (_changing) { return _readers.Count; } } }

    public void Add(CheckId check, params Sample[] samples)
    {
        lock (_changing)
        {
            foreach (var sample in samples)
            {
                var key = catalog.KeyOf(sample.Series);
                Assert.Equal(check, key.Check);
                (_samples.TryGetValue(key, out var list) ? list : _samples[key] = []).Add(sample);
            }
            var batch = new LiveBatch(++_batches, false, samples);
            _readers.ForEach(reader => reader.Writer.TryWrite(batch));
        }
    }

    public async IAsyncEnumerable<LiveBatch> ReadAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LiveBatch>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_changing)
        {
            _readers.Add(channel);
            if (after < _batches)
            {
                channel.Writer.TryWrite(new LiveBatch(_batches, true, default));
            }
        }
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return batch;
            }
        }
        finally
        {
            lock (_changing) { _readers.Remove(channel); }
        }
    }

    public IReadOnlyList<CheckView> All(long nowMilliseconds) => [.. checks.Select(check => View(check, nowMilliseconds))];

    public CheckView? Find(CheckId id, long nowMilliseconds) =>
        checks.FirstOrDefault(check => check.Id == id) is { } check ? View(check, nowMilliseconds) : null;

    public async IAsyncEnumerable<ReadOnlyMemory<Sample>> ReadAsync(
        SeriesKey series, long fromMilliseconds, long toMilliseconds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (StoreProblem is { } problem)
        {
            throw new StoreUnavailableException(problem);
        }
        Sample[] found;
        lock (_changing)
        {
            found = _samples.TryGetValue(series, out var list)
                ? [.. list.Where(one => one.SentAtMilliseconds >= fromMilliseconds && one.SentAtMilliseconds < toMilliseconds)]
                : [];
        }
        yield return found;
    }

    public ValueTask AddMarkAsync(Mark mark, CancellationToken cancellationToken)
    {
        _marks.Add(mark);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Mark>> ReadMarksAsync(long fromMilliseconds, long toMilliseconds, CancellationToken cancellationToken) =>
        new(_marks.Where(mark => mark.AtMilliseconds >= fromMilliseconds && mark.AtMilliseconds < toMilliseconds).ToList());

    public ValueTask<long> BeginRunAsync(CancellationToken cancellationToken) => new(1);

    public ValueTask AppendAsync(ReadOnlyMemory<Sample> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AddressChange>> SaveChecksAsync(IReadOnlyList<Check> all, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private CheckView View(Check check, long now)
    {
        lock (_changing)
        {
            var series = _samples.Where(pair => pair.Key.Check == check.Id)
                .Select(pair => new SeriesView(catalog.GetOrAdd(pair.Key), pair.Key, pair.Value.LastOrDefault(),
                    WindowOf(pair.Value, now, 1), WindowOf(pair.Value, now, 5), WindowOf(pair.Value, now, 60)))
                .ToImmutableArray();
            var all = _samples.Where(pair => pair.Key.Check == check.Id).SelectMany(pair => pair.Value).ToList();
            double? uptime = all.Count == 0 ? null : all.Count(sample => !sample.IsLost) / (double)all.Count;
            var state = all.Count == 0 ? CheckState.Unknown
                : all.TakeLast(3).All(sample => sample.IsLost) ? CheckState.Down
                : series.Any(one => one.FiveMinutes.Window.LossRatio > 0.05) ? CheckState.Degraded
                : CheckState.Up;
            var problem = all.Count == 0 ? "the name cannot be resolved" : null;
            return new CheckView(check, state, all.FirstOrDefault() is { SentAtMilliseconds: > 0 } first ? first.SentAtMilliseconds : null,
                uptime, problem, series);
        }
    }

    private static LiveWindow WindowOf(List<Sample> samples, long now, int minutes)
    {
        var from = now - minutes * 60_000L;
        var window = new Window();
        foreach (var sample in samples.SkipWhile(one => one.SentAtMilliseconds < from))
        {
            window.Add(sample.Round, sample.Index, sample.Loss, sample.Value, sample.Duplicates, sample.IsSuspect);
        }
        return new LiveWindow(from, now, window);
    }
}
