using Sonde.Configuration;

namespace Sonde.RemoteWrite;

/// <summary>
/// Sends the windows to one receiver: at each interval requests are made and queued; they are sent one after another,
/// in order, and again until they are taken. Measuring never waits for it.
/// </summary>
internal sealed partial class RemoteWriter : BackgroundService
{
    /// <summary>How much may wait: 64 MB of compressed requests.</summary>
    public const long MostWaitingBytes = 64 * 1024 * 1024;

    /// <summary>How long the end of the program waits for what is under way.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly RemoteWriteConfiguration _receiver;
    private readonly WindowRequests _requests;
    private readonly RequestQueue _queue;
    private readonly ReceiverClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _url;
    private volatile string? _problem;
    private string? _refusal;
    private long _toldAt = long.MinValue;
    private long _toldDropped;
    private long _sent;
    private long _refused;

    public RemoteWriter(
        RemoteWriteConfiguration receiver, WindowRequests requests, TimeProvider time, ILogger<RemoteWriter> logger,
        long mostWaitingBytes = MostWaitingBytes)
    {
        (_receiver, _requests, _time, _logger) = (receiver, requests, time, logger);
        _queue = new RequestQueue(mostWaitingBytes);
        _client = new ReceiverClient(receiver, time);
        _url = UrlText.WithoutQuery(receiver.Url);
    }

    /// <summary>How it stands. Any thread.</summary>
    public RemoteWriteStatus Status => new(
        _url, _queue.WaitingSamples, Interlocked.Read(ref _sent), Interlocked.Read(ref _refused),
        _queue.DroppedSamples, _problem ?? Volatile.Read(ref _refusal));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    /// <summary>Makes the requests of now and queues them; nothing while the wall clock stands before the last
    /// time: samples must be in order.</summary>
    public void Gather()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (now <= _toldAt)
        {
            return;
        }
        _toldAt = now;
        foreach (var request in _requests.Make(now))
        {
            _queue.Add(request);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var farewell = new CancellationTokenSource(Farewell, _time);
        await SendRestAsync(farewell.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(GatherAsync(stoppingToken), SendAsync(stoppingToken));

    private async Task GatherAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_receiver.Interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Gather();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogSkipped(error, _url); // one bad turn must not end all later ones
            }
        }
    }

    private async Task SendAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (true)
        {
            var request = await _queue.PeekAsync(stoppingToken);
            var delivery = await _client.SendAsync(request, stoppingToken);
            TellDropped();
            if (delivery.Kind == DeliveryKind.Failed)
            {
                Fail(delivery.Problem!);
                await Task.Delay(delivery.DelayAfter(++failures), _time, stoppingToken);
            }
            else
            {
                failures = 0;
                Settle(request, delivery);
            }
        }
    }

    /// <summary>What waits is sent once at the end, as long as it is taken.</summary>
    private async Task SendRestAsync(CancellationToken cancellationToken)
    {
        while (_problem is null && _queue.Peek() is { } request)
        {
            var delivery = await _client.SendAsync(request, cancellationToken);
            if (delivery.Kind == DeliveryKind.Failed)
            {
                return;
            }
            Settle(request, delivery);
        }
    }

    private void Settle(WriteRequest request, Delivery delivery)
    {
        _queue.Remove(request);
        if (_problem is not null)
        {
            _problem = null;
            LogTakes(_url);
        }
        if (delivery.Kind == DeliveryKind.Taken)
        {
            Interlocked.Add(ref _sent, request.Samples);
            Volatile.Write(ref _refusal, null);
            return;
        }
        Interlocked.Add(ref _refused, request.Samples);
        if (_refusal is null)
        {
            LogRefused(_url, delivery.Problem!);
        }
        Volatile.Write(ref _refusal, delivery.Problem);
    }

    private void Fail(string problem)
    {
        if (_problem is null)
        {
            LogFailed(_url, problem);
        }
        _problem = problem;
    }

    private void TellDropped()
    {
        var dropped = _queue.DroppedSamples;
        if (_toldDropped == 0 && dropped > 0)
        {
            LogDropped(_url);
        }
        _toldDropped = dropped;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Url} cannot be sent the windows; they wait and measuring goes on: {Problem}")]
    private partial void LogFailed(string url, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Url} answers again; what waited is being sent")]
    private partial void LogTakes(string url);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Url} refuses windows, which are dropped and counted from now on: {Problem}")]
    private partial void LogRefused(string url, string problem);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Url} was away so long that the oldest windows are dropped and counted from now on")]
    private partial void LogDropped(string url);

    [LoggerMessage(Level = LogLevel.Error, Message = "The windows for {Url} were skipped once")]
    private partial void LogSkipped(Exception error, string url);
}

/// <summary>How the sending to a receiver stands.</summary>
/// <param name="Url">The receiver, without its query.</param>
/// <param name="WaitingSamples">Samples that wait.</param>
/// <param name="SentSamples">Samples that it took since the start.</param>
/// <param name="RefusedSamples">Samples that it refused for good, which are gone.</param>
/// <param name="DroppedSamples">Samples that found no room while it was away, which are gone.</param>
/// <param name="Problem">Why it takes none now, in words; null when it does.</param>
internal sealed record RemoteWriteStatus(
    string Url, long WaitingSamples, long SentSamples, long RefusedSamples, long DroppedSamples, string? Problem);
