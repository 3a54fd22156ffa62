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
using var signals = new EndSignals();
var exitCode = await arguments.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null }, signals.Token);
return arguments.Errors.Count > 0 ? ExitCode.BadUsage : exitCode;
