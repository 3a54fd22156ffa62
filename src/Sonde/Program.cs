using Sonde.Cli;

return await CommandLine.RunAsync(args);
