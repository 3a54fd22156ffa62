using System.CommandLine;
using Sonde.SampleFiles;
using Sonde.Samples;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary>
/// <c>sonde import FILE</c>: what <c>sonde export</c> wrote, or another tool's CSV, into the store of a data directory.
/// </summary>
internal static class ImportCommand
{
    private const string StandardInput = "-";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "What 'sonde export' wrote, or another tool's CSV; - is standard input",
        };
        var data = new Option<string>("--data")
        {
            HelpName = "DIR",
            Description = "Import into the store of this directory; no 'sonde run' may use it meanwhile",
            DefaultValueFactory = _ => "data",
        };
        var json = new Option<bool>("--json") { Description = "Print what was imported as a JSON object" };
        var command = new Command(
            "import", "Read samples from a file into a store. Importing a file twice changes nothing.")
        {
            file, data,
        };
        var options = new ImportOptions(command);
        command.Add(json);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(file), parsed.GetRequiredValue(data), options.Read(parsed),
            parsed.GetValue(json), parsed.InvocationConfiguration, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, string data, ImportQuery query, bool asJson, InvocationConfiguration streams,
        CancellationToken cancellationToken)
    {
        if (query.Problem(path == StandardInput) is { } misuse)
        {
            await streams.Error.WriteLineAsync(misuse);
            return ExitCode.BadUsage;
        }
        try
        {
            await using var input = path == StandardInput ? Console.OpenStandardInput() : Open(path);
            return await ImportAsync(input, path, data, query, asJson, streams, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await streams.Error.WriteLineAsync(Directory.Exists(path)
                ? $"{path} is a directory: name a file in it"
                : error is FileNotFoundException or DirectoryNotFoundException
                ? $"There is no file {path}"
                : $"{path} cannot be read: {error.Message}");
            return ExitCode.BadUsage;
        }
    }

    private static async Task<int> ImportAsync(
        Stream input, string path, string data, ImportQuery query, bool asJson, InvocationConfiguration streams,
        CancellationToken cancellationToken)
    {
        var name = path == StandardInput ? "standard input" : path;
        var catalog = new SeriesCatalog();
        var names = new SeriesNames(catalog);
        var sieve = new SampleSieve(query.FromMilliseconds, query.ToMilliseconds, query.Targets, catalog, names);
        var source = new SampleSource(name, query.Format, query.Foreign, input.CanSeek ? () => Open(path) : null);
        if (!SampleFile.TryOpen(input, source, sieve, names, out var file, out var problem))
        {
            await streams.Error.WriteLineAsync(problem);
            return ExitCode.BadUsage;
        }
        var isTerminal = ReferenceEquals(streams.Error, Console.Error) && !Console.IsErrorRedirected;
        var console = isTerminal
            ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
            : null;
        var tally = new ImportTally(name, console is null ? streams.Error.WriteLine : console.WriteLine);
        var fault = await FillAsync(
            name, new ImportStore(data, catalog),
            store => ImportProgress.ShowAsync(
                console, input.CanSeek ? input.Length : null, () => file.BytesRead, () => tally.Stored,
                progress => new SampleImport(file, sieve, store, tally).RunAsync(progress, cancellationToken)));
        if (fault is { Length: > 0 })
        {
            await streams.Error.WriteLineAsync(fault);
        }
        await streams.Error.WriteLineAsync(tally.Sentence(query.AssumedUnit, fault is null));
        if (asJson)
        {
            await streams.Output.WriteLineAsync(tally.ToJson(fault is null));
        }
        return fault is null && tally.Refused == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    // Gives why it ended early; empty when the user wanted it so; null when it did not.
    private static async Task<string?> FillAsync(string name, ImportStore opened, Func<ImportStore, Task> import)
    {
        await using var store = opened;
        try
        {
            await import(store);
            await store.SealAsync();
            return null;
        }
        catch (OperationCanceledException)
        {
            return "";
        }
        catch (Exception error) when (error is StoreRefusedException or StoreUnavailableException)
        {
            return error.Message;
        }
        catch (IOException error)
        {
            return $"{name} cannot be read on: {error.Message}";
        }
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        BufferSize = 0,
        Options = FileOptions.SequentialScan,
        Share = FileShare.ReadWrite | FileShare.Delete,
    });
}
