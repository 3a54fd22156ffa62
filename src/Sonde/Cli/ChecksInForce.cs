using Sonde.Configuration;
using Sonde.Marks;
using Sonde.Metrics;
using Sonde.Probing;
using Sonde.Push;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>Brings the configuration's checks into force: at the start, and after every reload.</summary>
internal sealed class ChecksInForce(
    ConfigurationFile file, LiveChecks live, TargetTotals totals, ProbingThread probing, PushChecks push,
    StoreWriter writer, ISampleStore store, MarkWriter marks, RunStart run, TimeProvider time)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loading = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Apply(file.Current);
        file.Changed += Reload;
        writer.Dropped += span => marks.Add(new Mark(
            span.FirstMilliseconds, MarkKind.SamplesDropped, null,
            $"{Counted.Of(span.Count, "sample")} could not be kept"));
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
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Reload(ConfigurationChange change)
    {
        Apply(change.New);
        marks.Add(new Mark(
            Now, MarkKind.Reloaded, null,
            $"Configuration reloaded: {Counted.Of(change.Added, "check")} new, {change.Removed} gone, "
                + $"{change.Altered} changed"));
    }

    private void Apply(SondeConfiguration configuration)
    {
        live.SetChecks(configuration.Checks);
        totals.SetChecks(configuration.Checks, configuration.VantagePoint);
        probing.Apply(configuration.Checks.RemoveAll(check => check.Kind == CheckKind.Push));
        push.Apply(configuration.Checks);
        writer.Write(cancellationToken => SaveAsync(configuration, cancellationToken));
    }

    private async ValueTask SaveAsync(SondeConfiguration configuration, CancellationToken cancellationToken)
    {
        foreach (var change in await store.SaveChecksAsync(configuration.Checks, cancellationToken))
        {
            if (change.Before.Length == 0)
            {
                continue;   // an import brought the check, and no address; or it was a job that calls, which has none
            }
            var text = $"The address is {change.Now} now, before it was {change.Before}";
            marks.Add(new Mark(Now, MarkKind.AddressChanged, change.Check, text));
        }
    }

    /// <summary>The last hour of earlier runs, so that windows after a restart are those of the store.</summary>
    private async Task LoadHistoryAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await live.LoadAsync(store, run.FirstRound, cancellationToken);
            // what reading the file and the history left behind goes now, once, and not some day in the middle of
            // measuring
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        catch (Exception error) when (error is StoreUnavailableException or OperationCanceledException)
        {
            // what the store cannot give now is missing from the windows until it has passed out of them; the store
            // says why
        }
    }
}
