using System.CommandLine;
using Sonde.Cli;

namespace Sonde.Tests.Cli;

/// <summary>What the program told its caller.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    /// <summary>Runs the program within this process.</summary>
    public static async Task<CommandRun> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync(
            arguments, new InvocationConfiguration { Output = output, Error = errors });
        return new CommandRun(code, output.ToString(), errors.ToString());
    }
}
