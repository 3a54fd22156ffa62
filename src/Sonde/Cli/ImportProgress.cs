using System.Diagnostics;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary>Shows on a terminal how far an import is; nothing anywhere else.</summary>
internal static class ImportProgress
{
    /// <summary>Runs an import and shows its progress.</summary>
    /// <param name="console">The terminal; null = there is none.</param>
    /// <param name="length">The length of the file in bytes; null when it is not known.</param>
    /// <param name="bytesRead">How much of it is read.</param>
    /// <param name="samples">How many samples are stored.</param>
    /// <param name="import">The import; calls what it is given whenever that has changed.</param>
    public static async Task ShowAsync(
        IAnsiConsole? console, long? length, Func<long> bytesRead, Func<long> samples, Func<Action, Task> import)
    {
        if (console is null)
        {
            await import(() => { });
            return;
        }
        var began = Stopwatch.GetTimestamp();
        var progress = console.Progress().AutoClear(true).Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
        await progress.StartAsync(async context =>
        {
            var task = context.AddTask("Importing", maxValue: Math.Max(1, length ?? 1));
            task.IsIndeterminate = length is null;
            await import(() =>
            {
                var rate = samples() / Math.Max(0.001, Stopwatch.GetElapsedTime(began).TotalSeconds);
                var megabytes = bytesRead() / 1_000_000;
                task.Description = FormattableString.Invariant(
                    $"Importing, {megabytes} MB, {samples()} samples, {rate:F0}/s");
                task.Value = length is null ? 0 : bytesRead();
            });
        });
    }
}
