namespace Sonde.Samples;

/// <summary>Moves what must move although no sample arrives: states to unknown, old samples into windows, readers to
/// the newest.</summary>
internal sealed partial class LiveTicker(
    LiveChecks checks, LiveStream stream, TimeProvider time, ILogger<LiveTicker> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                checks.Tick();
                stream.Tick();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogSkipped(error);   // one bad second must not stop all later ones
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The live views skipped a second; the next one goes on")]
    private partial void LogSkipped(Exception error);
}
