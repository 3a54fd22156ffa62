using System.CommandLine;
using Sonde.Samples;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary>
/// <c>sonde export</c>: the stored samples as CSV or NDJSON on standard output, in constant memory, also beside a run.
/// </summary>
internal static class ExportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            HelpName = "DIR",
            Description = "Read the samples of this directory",
            DefaultValueFactory = _ => "data",
        };
        var config = StoreChoice.MakeOption();
        var format = new Option<string>("--format")
        {
            HelpName = "csv|ndjson",
            Description = "Write them in this form",
            DefaultValueFactory = _ => "csv",
        };
        format.AcceptOnlyFromAmong("csv", "ndjson");
        var target = new Option<string[]>("--target")
        {
            HelpName = "CHECK",
            Description = "Write only this check, named by id, name or address; may be repeated",
        };
        var command = new Command("export", "Write stored samples to standard output") { data, config, format };
        var span = new SpanOptions(command);
        command.Add(target);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed.GetRequiredValue(data),
            parsed.GetValue(config),
            new ExportQuery(
                parsed.GetRequiredValue(format) == "csv",
                span.FromMilliseconds(parsed),
                span.ToMilliseconds(parsed),
                parsed.GetValue(target) ?? []),
            parsed.InvocationConfiguration.Error,
            cancellationToken)));
        return command;
    }

    private static int Run(
        string data, string? config, ExportQuery query, TextWriter errors, CancellationToken cancellationToken)
    {
        if (StoreChoice.Open(data, config, errors) is not { } database)
        {
            return ExitCode.BadUsage;
        }
        try
        {
            using var export = SampleExport.Open(database, query);
            if (export.Problem is { } problem)
            {
                errors.WriteLine(problem);
                return ExitCode.BadUsage;
            }
            using var output = StandardOutput.Open();
            WriteWithProgress(export, output, cancellationToken);
            foreach (var damage in export.Damage)
            {
                errors.WriteLine(damage);
            }
            return export.Damage.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception error) when (
            error is StoreRefusedException or DirectoryNotFoundException or FileNotFoundException)
        {
            errors.WriteLine(error.Message);
            return ExitCode.BadUsage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Failed;
        }
        catch (Exception error) when (error is StoreUnavailableException or IOException)
        {
            errors.WriteLine(SampleExport.Explain(error));
            return ExitCode.Failed;
        }
    }

    private static void WriteWithProgress(SampleExport export, Stream output, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            export.Write(output, (_, _) => { }, cancellationToken);
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask("Exporting", maxValue: Math.Max(1, export.SeriesCount));
            export.Write(
                output,
                (series, samples) =>
                {
                    task.Value = series;
                    task.Description = $"Exporting, {Counted.Of(samples, "sample")}";
                },
                cancellationToken);
        });
    }
}

/// <summary>
/// What to export: from (inclusive) to (exclusive) in milliseconds since 1970 UTC; no target means all.
/// </summary>
internal sealed record ExportQuery(
    bool IsCsv, long FromMilliseconds, long ToMilliseconds, IReadOnlyList<string> Targets);
