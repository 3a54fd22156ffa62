using System.CommandLine;
using System.Globalization;
using Sonde.Samples;
using Sonde.Storage;
using Sonde.Storage.Sql;
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
        var format = new Option<string>("--format")
        {
            HelpName = "csv|ndjson",
            Description = "Write them in this form",
            DefaultValueFactory = _ => "csv",
        };
        format.AcceptOnlyFromAmong("csv", "ndjson");
        var from = new Option<DateTimeOffset?>("--from")
        {
            HelpName = "TIME",
            Description = "Begin at this time, like 2026-01-31 or 2026-01-31T12:00:00Z; UTC unless it says otherwise",
            CustomParser = ParseTime,
        };
        var to = new Option<DateTimeOffset?>("--to")
        {
            HelpName = "TIME",
            Description = "End before this time",
            CustomParser = ParseTime,
        };
        var target = new Option<string[]>("--target")
        {
            HelpName = "CHECK",
            Description = "Write only this check, named by id, name or address; may be repeated",
        };
        var command = new Command("export", "Write stored samples to standard output")
        {
            data, format, from, to, target,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed.GetRequiredValue(data),
            new ExportQuery(
                parsed.GetRequiredValue(format) == "csv",
                parsed.GetValue(from)?.ToUnixTimeMilliseconds() ?? long.MinValue,
                parsed.GetValue(to)?.ToUnixTimeMilliseconds() ?? long.MaxValue,
                parsed.GetValue(target) ?? []),
            parsed.InvocationConfiguration.Error,
            cancellationToken)));
        return command;
    }

    private static DateTimeOffset? ParseTime(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time))
        {
            return time;
        }
        result.AddError($"'{text}' is not a time; write it like 2026-01-31 or 2026-01-31T12:00:00Z");
        return null;
    }

    private static int Run(string data, ExportQuery query, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            using var snapshot = StoreSnapshot.Open(StoreLocation.Open(data));
            var export = SampleExport.Find(snapshot, query);
            if (export.Problem is { } problem)
            {
                errors.WriteLine(problem);
                return ExitCode.BadUsage;
            }
            using var output = StandardOutput.Open();
            WriteWithProgress(export, output, cancellationToken);
            foreach (var damage in snapshot.Damage)
            {
                errors.WriteLine(damage);
            }
            return snapshot.Damage.Count == 0 ? ExitCode.Done : ExitCode.Failed;
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
            errors.WriteLine(error.Message);
            return ExitCode.Failed;
        }
    }

    private static void WriteWithProgress(SampleExport export, Stream output, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
        {
            export.Write(output, _ => { }, cancellationToken);
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoClear(true).Start(progress =>
        {
            var task = progress.AddTask("Exporting", maxValue: export.SeriesCount);
            export.Write(output, done => task.Value = done, cancellationToken);
        });
    }
}

/// <summary>
/// What to export: from (inclusive) to (exclusive) in milliseconds since 1970 UTC; no target means all.
/// </summary>
internal sealed record ExportQuery(
    bool IsCsv, long FromMilliseconds, long ToMilliseconds, IReadOnlyList<string> Targets);
