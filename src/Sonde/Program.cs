using System.CommandLine;
using Sonde.Cli;

var sonde = new RootCommand("Measures network latency truthfully, keeps every measurement, and says what changed.")
{
    RunCommand.Create(),
    CheckCommand.Create(),
    PingCommand.Create(),
    ExportCommand.Create(),
};
var arguments = sonde.Parse(args);
var exitCode = await arguments.InvokeAsync();
return arguments.Errors.Count > 0 ? ExitCode.BadUsage : exitCode;
