using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Sonde.Observability;

/// <summary>Runs the sending of traces and metrics from the host's start to its stop.</summary>
/// <param name="export">Makes what sends.</param>
/// <param name="instruments">The program's metrics; asked for here so that they are there.</param>
internal sealed class OtlpProviders(OtlpExport export, SelfInstruments instruments) : IHostedService, IDisposable
{
    /// <summary>How long the end of the program waits for what is under way: 2 s.</summary>
    private const int FarewellMilliseconds = 2_000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        instruments.Start();
        (_traces, _metrics) = (export.MakeTraces(), export.MakeMetrics());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(FarewellMilliseconds), CancellationToken.None),
        Task.Run(() => _metrics?.Shutdown(FarewellMilliseconds), CancellationToken.None));

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
