using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Sonde.Configuration;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary><c>sonde run</c>: measures, stores, serves, until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>The configuration when none is named.</summary>
    public const string DefaultFile = "sonde.yaml";

    private static readonly Argument<string?> ConfigurationFile = new("FILE")
    {
        Description = $"Configuration to run; default {DefaultFile} in this directory",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> DataDirectory = new("--data")
    {
        HelpName = "DIR",
        Description = "Keep the samples in this directory",
        DefaultValueFactory = _ => "data",
    };

    private static readonly Option<string?> Listen = new("--listen")
    {
        HelpName = "ADDR:PORT",
        Description = "Serve the page here, whatever the file says",
    };

    private static readonly Option<bool> Demo = new("--demo")
    {
        Description = "Measure a few well-known hosts, without a file",
    };

    private static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Show a short status instead of a line a round",
    };

    private static readonly Option<string> Log = new("--log")
    {
        HelpName = "text|json",
        Description = "Write the log on stderr in this form",
        DefaultValueFactory = _ => "text",
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command("run", "Measure, store and show, until stopped")
        {
            ConfigurationFile, DataDirectory, Listen, Demo, Quiet, Log,
        };
        Log.AcceptOnlyFromAmong("text", "json");
        command.Validators.Add(result =>
        {
            if (result.GetValue(Demo) && result.GetValue(ConfigurationFile) is not null)
            {
                result.AddError("--demo takes no configuration file");
            }
            if (result.GetValue(DataDirectory) is { } directory && DirectoryProblem(directory) is { } problem)
            {
                result.AddError(problem);
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static string? DirectoryProblem(string directory)
    {
        if (string.IsNullOrWhiteSpace(directory))
        {
            return "--data needs a directory";
        }
        for (var path = Path.GetFullPath(directory); path is not null; path = Path.GetDirectoryName(path))
        {
            if (File.Exists(path))
            {
                return $"--data {directory}: {path} is a file, not a directory";
            }
        }
        return null;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (ReadSettings(arguments, arguments.InvocationConfiguration.Error) is not { } settings)
        {
            return ExitCode.BadUsage;
        }
        if (settings.File is null)
        {
            TellDemo(settings, arguments.InvocationConfiguration.Output);
        }
        try
        {
            await using var sonde = await RunningSonde.StartAsync(settings, cancellationToken);
            await sonde.WaitForStopAsync(cancellationToken);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Done;   // told to end while it still started
        }
        catch (Exception error) when (error is StoreRefusedException or IOException or UnauthorizedAccessException
            or SocketException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync($"sonde: {error.Message}");
            return ExitCode.Failed;
        }
    }

    private static RunSettings? ReadSettings(ParseResult arguments, TextWriter errors)
    {
        IPEndPoint? listen = null;
        if (arguments.GetValue(Listen) is { } text)
        {
            if (!ListenAddress.TryParse(text, out var parsed))
            {
                errors.WriteLine($"--listen {text}: {ListenAddress.Wanted}");
                return null;
            }
            listen = parsed;
        }
        var isDemo = arguments.GetValue(Demo);
        var file = isDemo ? null : arguments.GetValue(ConfigurationFile) ?? DefaultFile;
        if (ReadConfiguration(file, arguments.GetValue(ConfigurationFile) is not null, errors) is not { } configuration)
        {
            return null;
        }
        var settings = new RunSettings(
            file, configuration, listen, Path.GetFullPath(arguments.GetRequiredValue(DataDirectory)),
            arguments.GetValue(Quiet), arguments.GetValue(Log) == "json");
        var adjusted = settings.Adjust(configuration);
        if (ListenAddress.Refusal(adjusted.Listen, adjusted.Web.Token) is { } refusal)
        {
            errors.WriteLine(refusal);
            return null;
        }
        return settings with { Start = adjusted };
    }

    private static SondeConfiguration? ReadConfiguration(string? file, bool isNamed, TextWriter errors)
    {
        if (file is null)
        {
            return new SondeConfiguration { Checks = DemoChecks.Make() };
        }
        if (!isNamed && !File.Exists(file))
        {
            errors.WriteLine($"There is no {DefaultFile} here. Write one (sonde run --help; docs/configuration.md), "
                + "name another file, or try 'sonde run --demo', which measures a few well-known hosts.");
            return null;
        }
        var reading = ConfigurationReader.ReadFile(file);
        foreach (var message in reading.Messages)
        {
            errors.WriteLine(message);
        }
        return reading.Configuration;
    }

    /// <summary>Names the demonstration's targets before the first packet leaves.</summary>
    private static void TellDemo(RunSettings settings, TextWriter output)
    {
        output.WriteLine("Demonstration: these targets are measured from now on, until Ctrl-C.");
        foreach (var check in settings.Start.Checks)
        {
            output.WriteLine($"  {check.Kind.ToWord(),-5} {check.Address,-28} {check.Name}");
        }
        output.WriteLine();
    }
}
