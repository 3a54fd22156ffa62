using System.CommandLine;

namespace Sonde.Cli;

/// <summary>The command line: every verb, and what the executable tells its caller.</summary>
internal static class CommandLine
{
    private static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("run", RunCommand.Create), ("check", CheckCommand.Create), ("ping", PingCommand.Create),
        ("export", ExportCommand.Create),
    ];

    /// <summary>Does what the arguments say.</summary>
    /// <param name="arguments">The arguments behind the program's name.</param>
    /// <param name="configuration">Where to write; null = stdout and stderr.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, InvocationConfiguration? configuration = null)
    {
        var sonde = new RootCommand(
            "Measures network latency truthfully, keeps every measurement, and says what changed.");
        var verb = Array.Find(Verbs, verb => arguments is [var first, ..] && verb.Name == first);
        // making a verb's options takes time that a batch feels
        foreach (var (_, create) in verb.Create is null ? Verbs : [verb])
        {
            sonde.Subcommands.Add(create());
        }
        var parsed = sonde.Parse(arguments);
        using var signals = new EndSignals();
        configuration ??= new InvocationConfiguration();
        configuration.ProcessTerminationTimeout = null; // the signals are ours
        var exitCode = await parsed.InvokeAsync(configuration, signals.Token);
        return parsed.Errors.Count > 0 ? ExitCode.BadUsage : exitCode;
    }
}
