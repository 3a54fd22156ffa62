using System.Globalization;
using Sonde.Probing;
using Sonde.Samples;

namespace Sonde.Cli;

/// <summary>
/// The short status of <c>sonde run --quiet</c> on a terminal: one line that is written over every second.
/// </summary>
internal sealed class RunStatus(LiveChecks checks, ProbingThread probing, TimeProvider time, TextWriter output)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var before = probing.Counters.Probes;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var probes = probing.Counters.Probes;
            await output.WriteAsync($"\r{Line(probes - before)}\u001b[K");
            await output.FlushAsync(stoppingToken);
            before = probes;
        }
    }

    private string Line(long probesPerSecond)
    {
        var states = checks.All(time.GetUtcNow().ToUnixTimeMilliseconds()).CountBy(view => view.State).ToDictionary();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(CheckState.Up)} up, {Count(CheckState.Degraded)} degraded, {Count(CheckState.Down)} down, "
            + $"{Count(CheckState.Unknown)} unknown; {probesPerSecond} probes/s, "
            + $"{Counted.Of(probing.Counters.MissedRounds, "round")} missed");

        int Count(CheckState state) => states.GetValueOrDefault(state);
    }
}
