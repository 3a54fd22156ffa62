using Sonde.Cli;

EventThreads.ContinueInPlace();
return await CommandLine.RunAsync(args);
