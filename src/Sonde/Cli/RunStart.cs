using Sonde.Configuration;
using Sonde.Marks;
using Sonde.Probing;
using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>Begins the run in the store before anything is measured, and stores what is left when everything has stopped.</summary>
internal sealed class RunStart(StoreWriter writer) : IHostedService
{
    private long? _firstRound;

    /// <summary>The first round number of this run.</summary>
    /// <exception cref="InvalidOperationException">The run has not begun.</exception>
    public long FirstRound => _firstRound ?? throw new InvalidOperationException("The run has not begun.");

    /// <summary>Begins the run. A store that is not available now does not keep it from measuring.</summary>
    /// <exception cref="StoreRefusedException">The store must not be used by this process.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken) => _firstRound = await writer.BeginRunAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        writer.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) => await writer.DisposeAsync();
}

/// <summary>Has marks written in their turn with the samples, and says each in the log.</summary>
internal sealed partial class MarkWriter(StoreWriter writer, IMarkStore store, ILogger<MarkWriter> logger)
{
    /// <summary>Adds a mark; never waits. Any thread.</summary>
    public void Add(Mark mark)
    {
        LogMark(mark.Kind, mark.Text);
        writer.Write(cancellationToken => store.AddMarkAsync(mark, cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind}: {Text}")]
    private partial void LogMark(MarkKind kind, string text);
}

/// <summary>Brings the configuration's checks into force: at the start, and after every reload.</summary>
internal sealed class ChecksInForce(
    ConfigurationFile file, LiveChecks live, ProbingThread probing, StoreWriter writer, ISampleStore store, MarkWriter marks,
    RunStart run, TimeProvider time) : IHostedService
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loading = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Apply(file.Current);
        file.Changed += Reload;
        writer.Dropped += span => marks.Add(new Mark(
            span.FirstMilliseconds, MarkKind.SamplesDropped, null, $"{span.Count} samples could not be kept"));
        marks.Add(new Mark(Now, MarkKind.Started, null, "Sonde started"));
        _loading = LoadHistoryAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        file.Changed -= Reload;
        await _stopping.CancelAsync();
        await _loading;
        _stopping.Dispose();
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Reload(ConfigurationChange change)
    {
        Apply(change.New);
        marks.Add(new Mark(
            Now, MarkKind.Reloaded, null,
            $"Configuration reloaded: {change.Added} checks new, {change.Removed} gone, {change.Altered} changed"));
    }

    private void Apply(SondeConfiguration configuration)
    {
        live.SetChecks(configuration.Checks);
        probing.Apply(configuration.Checks);
        writer.Write(cancellationToken => SaveAsync(configuration, cancellationToken));
    }

    private async ValueTask SaveAsync(SondeConfiguration configuration, CancellationToken cancellationToken)
    {
        foreach (var change in await store.SaveChecksAsync(configuration.Checks, cancellationToken))
        {
            marks.Add(new Mark(Now, MarkKind.AddressChanged, change.Check, $"The address is {change.Now} now, before it was {change.Before}"));
        }
    }

    /// <summary>The last hour of earlier runs, so that windows after a restart are those of the store.</summary>
    private async Task LoadHistoryAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await live.LoadAsync(store, run.FirstRound, cancellationToken);
        }
        catch (Exception error) when (error is StoreUnavailableException or OperationCanceledException)
        {
            // what the store cannot give now is missing from the windows until it has passed out of them; the store says why
        }
    }
}

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
