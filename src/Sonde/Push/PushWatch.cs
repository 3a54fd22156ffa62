namespace Sonde.Push;

/// <summary>Lets the push checks look every second who is silent.</summary>
internal sealed class PushWatch(PushChecks checks, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            checks.Tick();
        }
    }
}
