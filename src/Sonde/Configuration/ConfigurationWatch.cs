using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Sonde.Configuration;

/// <summary>Reloads the configuration when its file changes (seen within 2 s) and on SIGHUP.</summary>
/// <remarks>
/// The file is looked at every second: editors replace files by renaming, and Kubernetes swaps links of directories,
/// which a watch on the file itself does not see.
/// </remarks>
internal sealed partial class ConfigurationWatch(
    ConfigurationFile file, TimeProvider time, ILogger<ConfigurationWatch> logger) : BackgroundService
{
    /// <summary>Time between two looks at the file.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Channel<PosixSignal> _hangUps = Channel.CreateBounded<PosixSignal>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private PosixSignalRegistration? _signal;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;   // else the process would end
            _hangUps.Writer.TryWrite(context.Signal);
        });
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _signal?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(LookAsync(stoppingToken), ObeyHangUpsAsync(stoppingToken));

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(() => file.ReloadIfChangedAsync(stoppingToken));
        }
    }

    private async Task ObeyHangUpsAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _hangUps.Reader.ReadAllAsync(stoppingToken))
        {
            await TryAsync(() => file.ReloadAsync(stoppingToken));
        }
    }

    private async Task TryAsync(Func<Task> reload)
    {
        try
        {
            await reload();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(error);   // one failed reload must not end the watch
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A reload failed; the next change is looked at again")]
    private partial void LogFailed(Exception error);
}
