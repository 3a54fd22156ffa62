using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>Lets time pass for what is shown: states change and readers are told also when nothing is measured.</summary>
internal sealed class LiveClock(LiveChecks checks, LiveStream stream, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            checks.Tick();
            stream.Tick();
        }
    }
}
