using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>
/// Begins the run in the store before anything is measured, and stores what is left when everything has stopped.
/// </summary>
internal sealed class RunStart(StoreWriter writer) : IHostedService
{
    private long? _firstRound;

    /// <summary>The first round number of this run.</summary>
    /// <exception cref="InvalidOperationException">The run has not begun.</exception>
    public long FirstRound => _firstRound ?? throw new InvalidOperationException("The run has not begun.");

    /// <summary>Begins the run. A store that is not available now does not keep it from measuring.</summary>
    /// <exception cref="StoreRefusedException">The store must not be used by this process.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken) =>
        _firstRound = await writer.BeginRunAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        writer.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) => await writer.DisposeAsync();
}
