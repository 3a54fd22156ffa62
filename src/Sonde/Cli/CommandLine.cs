using System.CommandLine;
using System.CommandLine.Invocation;

namespace Sonde.Cli;

/// <summary>The command line: every verb, and what the executable tells its caller.</summary>
internal static class CommandLine
{
    private static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("run", RunCommand.Create), ("check", CheckCommand.Create), ("ping", PingCommand.Create),
        ("export", ExportCommand.Create), ("import", ImportCommand.Create), ("store", StoreCommand.Create),
        ("import-config", ImportConfigCommand.Create),
    ];

    /// <summary>Does what the arguments say.</summary>
    /// <param name="arguments">The arguments behind the program's name.</param>
    /// <param name="configuration">Where to write; null = stdout and stderr.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, InvocationConfiguration? configuration = null)
    {
        var sonde = new RootCommand(
            "Measure network latency truthfully, keep every measurement, and say what changed");
        var verb = Array.Find(Verbs, verb => arguments is [var first, ..] && verb.Name == first);
        // making a verb's options takes time that a batch feels
        foreach (var (_, create) in verb.Create is null ? Verbs : [verb])
        {
            sonde.Subcommands.Add(create());
        }
        var parsed = sonde.Parse(arguments);
        configuration ??= new InvocationConfiguration { Output = StandardOutput.OpenText() };
        if (parsed.Action is ParseErrorAction)
        {
            TellUsage(sonde, parsed, configuration.Error);
            return ExitCode.BadUsage;
        }
        return await InvokeAsync(parsed, configuration);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration configuration)
    {
        using var signals = new EndSignals();
        configuration.ProcessTerminationTimeout = null; // the signals are ours
        configuration.EnableDefaultExceptionHandler = false;
        try
        {
            return await parsed.InvokeAsync(configuration, signals.Token);
        }
        catch (OutputLostException lost)
        {
            if (!lost.IsReaderGone)
            {
                await configuration.Error.WriteLineAsync($"standard output cannot be written: {lost.Message}");
            }
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCode.Failed; // ended before there was anything to tell
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            await configuration.Error.WriteLineAsync($"sonde failed by a fault of its own; please report it: {fault}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Says what is wrong with the arguments; without any, what there is.</summary>
    private static void TellUsage(RootCommand sonde, ParseResult parsed, TextWriter errors)
    {
        if (parsed.Tokens.Count == 0)
        {
            sonde.Parse("--help").Invoke(new InvocationConfiguration { Output = errors });
            return;
        }
        var verb = parsed.CommandResult.Command;
        if (verb == sonde)
        {
            var verbs = string.Join(", ", Verbs.Select(one => one.Name));
            errors.WriteLine($"there is no verb '{parsed.Tokens[0].Value}'; there are {verbs}");
            errors.WriteLine("'sonde --help' says what they do");
            return;
        }
        foreach (var error in parsed.Errors)
        {
            errors.WriteLine(error.Message);
        }
        errors.WriteLine($"'sonde {verb.Name} --help' names all that it takes");
    }
}
