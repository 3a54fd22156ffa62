using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Numerics;
using Sonde.Measurement.Icmp;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary><c>sonde ping</c>: measures now.</summary>
internal static class PingCommand
{
    private const int MaxTargets = 1_000_000;

    /// <summary>Columns of a table that goes to a file or another program.</summary>
    private const int PlainWidth = 180;

    /// <summary>Targets whose trouble is told one by one.</summary>
    private const int MaxExplained = 20;

    private static readonly Argument<string[]> Targets = new("TARGET")
    {
        Description = "host or address for ICMP, host:port for TCP",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> ListFile = new("--file", "-f")
    {
        Description = "Read further targets from a file, one a line; # begins a comment",
    };

    private static readonly Option<int> Count = Number(
        "--count", "-c", "Probes per target; 0 = until Ctrl-C", 5,
        value => value is >= 0 and <= 1_000_000_000, "-c takes 0 to 1,000,000,000 probes");

    private static readonly Option<double> Interval = Number(
        "--interval", "-i", "Seconds between two probes to the same target; 0 = as fast as the socket allows", 1.0,
        value => value is 0 or (>= 0.001 and <= 86_400), "-i takes 0, or 0.001 to 86,400 seconds");

    private static readonly Option<double> Timeout = Number(
        "--timeout", "-W", "Seconds to wait for an answer, 0.01 to 60", 2.0,
        value => value is >= 0.01 and <= 60, "-W takes 0.01 to 60 seconds");

    private static readonly Option<int> Size = Number(
        "--size", "-s", $"Bytes of payload of an echo request, {IcmpTarget.MinSize} to {IcmpTarget.MaxSize}", 56,
        value => value is >= IcmpTarget.MinSize and <= IcmpTarget.MaxSize,
        $"-s takes {IcmpTarget.MinSize} to {IcmpTarget.MaxSize} bytes");

    private static readonly Option<bool> Four = new("--ipv4", "-4") { Description = "Use IPv4 only" };
    private static readonly Option<bool> Six = new("--ipv6", "-6") { Description = "Use IPv6 only" };
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON object a line and target",
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command("ping", "Measure now: the round-trip time of hosts and ports")
        {
            Targets, ListFile, Count, Interval, Timeout, Size, Four, Six, Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Targets) is not { Length: > 0 } && result.GetValue(ListFile) is null)
            {
                result.AddError("name at least one target, or a file of targets with -f");
            }
            if (result.GetValue(Targets)?.FirstOrDefault(word => word.StartsWith('-')) is { } option)
            {
                result.AddError($"there is no option {option}; sonde ping --help names all");
            }
            if (result.GetValue(Four) && result.GetValue(Six))
            {
                result.AddError("-4 and -6 exclude each other");
            }
        });
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    /// <summary>An option with a number in limits; what is none, or beyond them, is told with the limits.</summary>
    private static Option<T> Number<T>(
        string name, string alias, string description, T standard, Func<T, bool> isRight, string limits)
        where T : struct, INumber<T> => new(name, alias)
        {
            Description = description,
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && isRight(value))
                {
                    return value;
                }
                result.AddError($"{limits}, not '{text}'");
                return standard;
            },
        };

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (ReadWords(arguments, out var problem) is not { } words)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(problem);
            return ExitCode.BadUsage;
        }
        AddressFamily? family = arguments.GetValue(Four) ? AddressFamily.InterNetwork
            : arguments.GetValue(Six) ? AddressFamily.InterNetworkV6 : null;
        var wish = new PingTargets.Wish(
            TimeSpan.FromSeconds(arguments.GetValue(Timeout)), arguments.GetValue(Size), family);
        var targets = await PingTargets.ResolveAsync(words, wish, cancellationToken);
        var plan = new PingPlan(arguments.GetValue(Count), TimeSpan.FromSeconds(arguments.GetValue(Interval)));
        using var session = new PingSessions(targets, plan);
        if (arguments.GetValue(Json))
        {
            session.Run(cancellationToken);
            using var output = Console.OpenStandardOutput();
            PingReport.WriteJson(targets, output);
        }
        else
        {
            ShowTable(session, targets, arguments.InvocationConfiguration.Output, cancellationToken);
        }
        Explain(session, targets, arguments.InvocationConfiguration.Error);
        return targets.All(target => target.Window.Received > 0) ? ExitCode.Done : ExitCode.Failed;
    }

    private static List<string>? ReadWords(ParseResult arguments, out string? problem)
    {
        var words = new List<string>(arguments.GetValue(Targets) ?? []);
        problem = null;
        if (arguments.GetValue(ListFile) is { } file)
        {
            try
            {
                words.AddRange(File.ReadLines(file).Select(line => line.Split('#')[0].Trim())
                    .Where(word => word.Length > 0).Take(MaxTargets + 1));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                problem = $"{file}: cannot be read: {error.Message}";
                return null;
            }
        }
        problem = words.Count == 0 ? "there is no target in the file"
            : words.Count > MaxTargets ? $"more than {MaxTargets} targets"
            : words.Find(word => word.Contains("://", StringComparison.Ordinal)) is { } url
                ? $"{url}: URLs are not measured by this version; name host or host:port" : null;
        return problem is null ? words : null;
    }

    private static void ShowTable(
        PingSessions session, IReadOnlyList<PingTarget> targets, TextWriter output, CancellationToken cancellationToken)
    {
        var table = new PingTable(targets);
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            session.Run(cancellationToken);
            var plain = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(output),
            });
            plain.Profile.Width = PlainWidth;
            plain.Write(table.Draw(isLive: false));
            return;
        }
        AnsiConsole.Live(table.Draw(isLive: true)).Start(live =>
        {
            session.Refresh = () => live.UpdateTarget(table.Draw(isLive: true));
            session.Run(cancellationToken);
            live.UpdateTarget(table.Draw(isLive: false));
        });
    }

    /// <summary>Says why targets could not be measured: what concerns all once, the rest by target.</summary>
    private static void Explain(PingSessions session, IReadOnlyList<PingTarget> targets, TextWriter errors)
    {
        if (session.Problem is { } general)
        {
            errors.WriteLine(general);
        }
        var troubled = targets.Where(target => target.Problem is { } problem && problem != session.Problem).ToList();
        foreach (var target in troubled.Take(MaxExplained))
        {
            errors.WriteLine($"{target.Name}: {target.Problem}");
        }
        if (troubled.Count > MaxExplained)
        {
            errors.WriteLine($"and {troubled.Count - MaxExplained} more targets that could not be measured");
        }
    }
}
