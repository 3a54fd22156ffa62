using System.Runtime.InteropServices;

namespace Sonde.Cli;

/// <summary>
/// Ctrl-C and SIGTERM, from the program's first moment on: the first asks every verb to end in order, with all the time
/// that it needs; a second one ends the process at once.
/// </summary>
internal sealed class EndSignals : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public EndSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Obey);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Obey);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _ending.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _ending.Dispose();
    }

    private void Obey(PosixSignalContext context)
    {
        context.Cancel = !_ending.IsCancellationRequested;
        _ending.Cancel();
    }
}

/// <summary>The host looks at no signal itself: it ends when <see cref="EndSignals"/> says so.</summary>
internal sealed class LifetimeOfCaller : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
