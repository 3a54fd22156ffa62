using System.Threading.Channels;

namespace Sonde.Samples;

/// <summary>
/// Brings samples to the store without ever holding up the pipeline: each batch that the pipeline hands over (every
/// 250 ms) is stored at once. When the store fails, samples wait: packed in memory (64 MB or one hour), then in the
/// spool, and beyond that the oldest are dropped and counted. When it works again they follow in order.
/// </summary>
internal sealed partial class StoreWriter : ISampleSink, IAsyncDisposable
{
    /// <summary>
    /// How long after a failure the store is tried again; as often it is made sure of when there is nothing to write.
    /// </summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ISampleStore _store;
    private readonly StoreBuffer _buffer;
    private readonly PendingWrites _writes = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource _leaving = new();
    private Task _work = Task.CompletedTask;
    private bool _isDisposed;
    private long _triedAt;
    private long _reachedAt;
    private long _stored;
    private long _lastAppendTicks = -1;
    private long _appendTicks;
    private long _appends;
    private volatile string? _problem;

    /// <param name="store">The store; nobody else appends to it.</param>
    /// <param name="buffer">Where samples wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when the store fails, and when it works again.</param>
    public StoreWriter(ISampleStore store, StoreBuffer buffer, TimeProvider time, ILogger<StoreWriter> logger)
    {
        (_store, _buffer, _time, _logger) = (store, buffer, time, logger);
    }

    /// <summary>
    /// Raised once after each time that samples were dropped, when the store works again or the program ends.
    /// </summary>
    public event Action<SampleSpan>? Dropped;

    /// <summary>Told how long each batch took that the store took; must neither wait nor throw.</summary>
    public event Action<TimeSpan>? Appended;

    /// <summary>How it stands. Any thread.</summary>
    public StoreStatus Status
    {
        get
        {
            var ticks = Interlocked.Read(ref _lastAppendTicks);
            return new StoreStatus(
                _buffer.WaitingSamples, _buffer.SpooledSamples, Interlocked.Read(ref _stored),
                _buffer.DroppedSamples, _problem,
                ticks < 0 ? null : TimeSpan.FromTicks(ticks))
            {
                Appends = Interlocked.Read(ref _appends),
                AppendTime = TimeSpan.FromTicks(Interlocked.Read(ref _appendTicks)),
            };
        }
    }

    /// <summary>
    /// Begins a run: by the store, or without it when it is not available now, which <see cref="Status"/> then says.
    /// </summary>
    /// <returns>The first round number of the run.</returns>
    /// <exception cref="StoreRefusedException">The store must not be used: the program says why and ends.</exception>
    public async ValueTask<long> BeginRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _store.BeginRunAsync(cancellationToken);
        }
        catch (StoreUnavailableException error)
        {
            Fail(error.Message);
            return RunNumber.FirstRound(RunNumber.WithoutStore(_time));
        }
    }

    /// <summary>Starts storing, until disposed.</summary>
    public void Start()
    {
        _reachedAt = _time.GetTimestamp();
        _work = Task.Run(WorkAsync);
    }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Sample> samples, ReadOnlySpan<Round> rounds)
    {
        if (samples.IsEmpty)
        {
            return;
        }
        _buffer.Add(samples);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>
    /// Makes a write of another kind (a mark, the checks) in its turn, again until it succeeds. Any thread.
    /// </summary>
    public void Write(Func<CancellationToken, ValueTask> write)
    {
        _writes.Add(write);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Stores what waits; what the store does not take goes to the spool.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }
        await _leaving.CancelAsync();
        await _work;
    }

    private async Task WorkAsync()
    {
        await using var timer = _time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, RetryInterval, RetryInterval);
        while (!_leaving.IsCancellationRequested)
        {
            if (_problem is null || _time.GetElapsedTime(_triedAt) >= RetryInterval)
            {
                await TryStoreAllAsync();
                _buffer.Spill();
            }
            await WaitAsync();
        }
        await TryStoreAllAsync();
        await LeaveAsync();
    }

    private async Task LeaveAsync()
    {
        var waiting = _buffer.WaitingSamples;
        _buffer.SpillAll();
        if (waiting > 0 && _buffer.SpooledSamples > 0)
        {
            LogSpooled(_logger, _buffer.SpooledSamples, _buffer.SpoolDirectory);
        }
        if (TellDropped())
        {
            await TryStoreAllAsync();
        }
    }

    private async Task WaitAsync()
    {
        try
        {
            await _wake.Reader.ReadAsync(_leaving.Token);
        }
        catch (OperationCanceledException)
        {
            // Leaving: what waits is stored at once.
        }
    }

    private async Task TryStoreAllAsync()
    {
        _triedAt = _time.GetTimestamp();
        try
        {
            var hasWritten = await _writes.MakeAsync(CancellationToken.None);
            while (_buffer.TryTake(out var batch))
            {
                await AppendAsync(batch);
                _buffer.Stored();
                hasWritten = true;
            }
            if (!hasWritten && _time.GetElapsedTime(_reachedAt) < RetryInterval)
            {
                return;
            }
            if (!hasWritten)
            {
                await _store.AppendAsync(default, CancellationToken.None);
            }
            _reachedAt = _time.GetTimestamp();
            Recover();
            if (TellDropped())
            {
                await _writes.MakeAsync(CancellationToken.None);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(error.Message);
        }
    }

    private async Task AppendAsync(ReadOnlyMemory<Sample> batch)
    {
        var began = _time.GetTimestamp();
        var append = _store.AppendAsync(batch, CancellationToken.None).AsTask();
        await SpillUntilAsync(append);
        await append;
        var took = _time.GetElapsedTime(began);
        Interlocked.Exchange(ref _lastAppendTicks, took.Ticks);
        Interlocked.Add(ref _appendTicks, took.Ticks);
        Interlocked.Increment(ref _appends);
        Interlocked.Add(ref _stored, batch.Length);
        Appended?.Invoke(took);
    }

    // A server that is away may be long in saying so; meanwhile what waits must not stay in memory alone.
    private async Task SpillUntilAsync(Task append)
    {
        while (!append.IsCompleted && !_leaving.IsCancellationRequested)
        {
            await Task.WhenAny(append, _wake.Reader.WaitToReadAsync(CancellationToken.None).AsTask());
            if (!append.IsCompleted)
            {
                _wake.Reader.TryRead(out _);
                _buffer.Spill();
            }
        }
    }

    private bool TellDropped()
    {
        if (_buffer.TakeDropped() is not { Count: > 0 } dropped)
        {
            return false;
        }
        LogDropped(_logger, dropped.Count, _buffer.DroppedBecause, _problem);
        Dropped?.Invoke(dropped);
        return true;
    }

    private void Fail(string problem)
    {
        if (_problem != problem)
        {
            LogFailed(_logger, problem);
        }
        _problem = problem;
    }

    private void Recover()
    {
        if (_problem is not null)
        {
            LogWorks(_logger);
        }
        _problem = null;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The store takes no samples; measuring goes on and they wait. {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store works again; all samples that waited are stored")]
    private static partial void LogWorks(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} samples that the store did not take are in {Spool}; the next run stores them")]
    private static partial void LogSpooled(ILogger logger, long count, string spool);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Count} samples could not be stored and are lost: {Reason}. {Problem}")]
    private static partial void LogDropped(ILogger logger, long count, string? reason, string? problem);
}
