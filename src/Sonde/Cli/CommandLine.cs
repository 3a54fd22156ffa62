using System.CommandLine;

namespace Sonde.Cli;

/// <summary>The command line: every verb, and what the executable tells its caller.</summary>
internal static class CommandLine
{
    /// <summary>Does what the arguments say.</summary>
    /// <param name="arguments">The arguments behind the program's name.</param>
    /// <param name="configuration">Where to write; null = stdout and stderr.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, InvocationConfiguration? configuration = null)
    {
        var sonde = new RootCommand(
            "Measures network latency truthfully, keeps every measurement, and says what changed.")
        {
            RunCommand.Create(),
            CheckCommand.Create(),
            PingCommand.Create(),
            ExportCommand.Create(),
        };
        var parsed = sonde.Parse(arguments);
        var exitCode = await parsed.InvokeAsync(configuration);
        return parsed.Errors.Count > 0 ? ExitCode.BadUsage : exitCode;
    }
}
