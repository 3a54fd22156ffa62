using System.Threading.Channels;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Tests;

/// <summary>A store that takes batches, or refuses them with a sentence.</summary>
internal sealed class ScriptedStore : ISampleStore
{
    private readonly Channel<List<Sample>> _appended = Channel.CreateUnbounded<List<Sample>>();
    private readonly Channel<int> _refused = Channel.CreateUnbounded<int>();
    private volatile string? _problem;

    /// <summary>Why it refuses; null when it takes.</summary>
    public string? Problem { get => _problem; set => _problem = value; }

    /// <summary>What an append waits for before it ends; null = nothing.</summary>
    public Task? Hang { get; set; }

    /// <summary>The batches that it took.</summary>
    public ChannelReader<List<Sample>> Appended => _appended.Reader;

    /// <summary>The sizes of those that it refused.</summary>
    public ChannelReader<int> Refused => _refused.Reader;

    public ValueTask<long> BeginRunAsync(CancellationToken cancellationToken) =>
        Problem is { } problem ? throw new StoreUnavailableException(problem) : ValueTask.FromResult(RunNumber.FirstRound(1));

    public async ValueTask AppendAsync(ReadOnlyMemory<Sample> batch, CancellationToken cancellationToken)
    {
        if (Hang is { } hang)
        {
            await hang;
        }
        if (Problem is { } problem)
        {
            _refused.Writer.TryWrite(batch.Length);
            throw new StoreUnavailableException(problem);
        }
        if (batch.Length > 0)
        {
            _appended.Writer.TryWrite([.. batch.Span]);
        }
    }

    public IAsyncEnumerable<ReadOnlyMemory<Sample>> ReadAsync(
        SeriesKey series, long fromMilliseconds, long toMilliseconds, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<ReadOnlyMemory<Sample>>();

    public IAsyncEnumerable<SeriesWindows> ReadWindowsAsync(WindowQuery query, CancellationToken cancellationToken) =>
        PlainWindows.ReadAsync(this, query);

    public ValueTask<IReadOnlyList<Sample?>> ReadLatestAsync(
        IReadOnlyList<SeriesKey> series, CancellationToken cancellationToken) =>
        PlainWindows.ReadLatestAsync(this, series);

    public ValueTask<IReadOnlyList<SeriesKey>> ListSeriesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SeriesKey>>([]);

    public ValueTask AddChecksAsync(IReadOnlyList<Check> checks, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<AddressChange>> SaveChecksAsync(
        IReadOnlyList<Check> checks, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<AddressChange>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
