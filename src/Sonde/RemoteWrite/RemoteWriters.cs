using System.Collections.Immutable;

namespace Sonde.RemoteWrite;

/// <summary>The writers of all receivers. None waits for another.</summary>
internal sealed class RemoteWriters(IReadOnlyList<RemoteWriter> writers) : IHostedService, IDisposable
{
    /// <summary>How the sending to each receiver stands, in the order of the configuration.</summary>
    public ImmutableArray<RemoteWriteStatus> Statuses => [.. writers.Select(writer => writer.Status)];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(writers.Select(writer => writer.StartAsync(cancellationToken)));

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(writers.Select(writer => writer.StopAsync(cancellationToken)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var writer in writers)
        {
            writer.Dispose();
        }
    }
}
