using System.CommandLine;
using Sonde.Configuration;

namespace Sonde.Cli;

/// <summary><c>sonde check FILE</c>: says what a configuration holds, or everything that is wrong with it.</summary>
internal static class CheckCommand
{
    /// <summary>The verb for the command line.</summary>
    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = $"Configuration to check; default {RunCommand.DefaultFile} in this directory",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a table" };
        var command = new Command("check", "Check a configuration and print what it holds") { file, json };
        command.SetAction(arguments => Run(
            arguments.GetValue(file) ?? RunCommand.DefaultFile,
            arguments.GetValue(json),
            arguments.InvocationConfiguration.Output,
            arguments.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string file, bool asJson, TextWriter output, TextWriter errors)
    {
        var reading = ConfigurationReader.ReadFile(file);
        foreach (var message in reading.Messages)
        {
            errors.WriteLine(message);
        }
        if (asJson)
        {
            output.WriteLine(ConfigurationSummary.ToJson(reading));
        }
        else if (reading.Form != ConfigurationForm.Unknown)
        {
            ConfigurationSummary.Print(reading, output);
        }
        return reading.Configuration is null ? ExitCode.BadUsage : ExitCode.Done;
    }
}
