using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Numerics;
using Sonde.Measurement.Http;
using Sonde.Measurement.Icmp;
using Spectre.Console;

namespace Sonde.Cli;

/// <summary><c>sonde ping</c>: measures now.</summary>
internal static class PingCommand
{
    /// <summary>Columns of a table that goes to a file or another program.</summary>
    private const int PlainWidth = 180;

    /// <summary>Mistakes, or targets in trouble, that are told one by one.</summary>
    private const int MaxExplained = 20;

    private static readonly Argument<string[]> Targets = new("TARGET")
    {
        Description = "HOST for ICMP, HOST:PORT for TCP, http[s]://… for HTTP, dns://RESOLVER/NAME[?type=AAAA] for DNS",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> ListFile = new("--file", "-f")
    {
        HelpName = "FILE",
        Description = "Read further targets from this file, one a line; # begins a comment",
    };

    private static readonly Option<int> Count = Number(
        "--count", "-c", "N", "Send each target so many probes; 0 = until Ctrl-C", 5,
        value => value is >= 0 and <= 1_000_000_000, "-c takes 0 to 1,000,000,000 probes");

    private static readonly Option<double> Interval = Number(
        "--interval", "-i", "SECONDS",
        "Leave this time between two probes to the same target, 0.001 to 86,400; 0 = as fast as the socket allows",
        1.0,
        value => value is 0 or (>= 0.001 and <= 86_400), "-i takes 0, or 0.001 to 86,400 seconds");

    private static readonly Option<double> Timeout = Number(
        "--timeout", "-W", "SECONDS", "Wait so long for an answer, 0.01 to 60", 2.0,
        value => value is >= 0.01 and <= 60, "-W takes 0.01 to 60 seconds");

    private static readonly Option<int> Size = Number(
        "--size", "-s", "BYTES",
        $"Send echo requests with so much payload, {IcmpTarget.MinSize} to {IcmpTarget.MaxSize:N0}", 56,
        value => value is >= IcmpTarget.MinSize and <= IcmpTarget.MaxSize,
        $"-s takes {IcmpTarget.MinSize} to {IcmpTarget.MaxSize:N0} bytes");

    private static readonly Option<bool> Four = new("--ipv4", "-4") { Description = "Use IPv4 only" };
    private static readonly Option<bool> Six = new("--ipv6", "-6") { Description = "Use IPv6 only" };
    private static readonly Option<bool> Insecure = new("--insecure", "-k")
    {
        Description = "Accept any certificate of https://",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print a JSON object a target, each on a line, instead of a table",
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command("ping", "Measure now: the round-trip time of hosts, ports, URLs and name servers")
        {
            Targets, ListFile, Count, Interval, Timeout, Size, Four, Six, Insecure, Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Targets) is not { Length: > 0 } && result.GetValue(ListFile) is null)
            {
                result.AddError("name at least one target, or a file of targets with -f");
            }
            if (result.GetValue(Targets)?.FirstOrDefault(word => word.StartsWith('-')) is { } option)
            {
                result.AddError($"there is no option {option}");
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
        string name, string alias, string unit, string description, T standard, Func<T, bool> isRight, string limits)
        where T : struct, INumber<T> => new(name, alias)
        {
            HelpName = unit,
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
        var errors = arguments.InvocationConfiguration.Error;
        var words = PingWords.Read(arguments.GetValue(Targets) ?? [], arguments.GetValue(ListFile));
        if (words.Problems.Count > 0)
        {
            Tell(words.Problems, "mistakes", errors);
            return ExitCode.BadUsage;
        }
        AddressFamily? family = arguments.GetValue(Four) ? AddressFamily.InterNetwork
            : arguments.GetValue(Six) ? AddressFamily.InterNetworkV6 : null;
        var wish = new PingTargets.Wish(
            TimeSpan.FromSeconds(arguments.GetValue(Timeout)), arguments.GetValue(Size), family,
            VerifiesCertificates: !arguments.GetValue(Insecure));
        var targets = await PingTargets.ResolveAsync(words.Words, wish, cancellationToken);
        WarmUp(targets);
        var plan = new PingPlan(arguments.GetValue(Count), TimeSpan.FromSeconds(arguments.GetValue(Interval)));
        using var session = new PingSessions(targets, plan);
        if (arguments.GetValue(Json))
        {
            session.Run(cancellationToken);
            using var output = StandardOutput.Open();
            PingReport.WriteJson(targets, output);
        }
        else
        {
            ShowTable(session, targets, arguments.InvocationConfiguration.Output, cancellationToken);
        }
        Explain(session, targets, errors);
        return targets.All(target => target.Window.Received > 0) ? ExitCode.Done : ExitCode.Failed;
    }

    private static void WarmUp(IReadOnlyList<PingTarget> targets)
    {
        var urls = targets.Select(target => (target.Probe as HttpTarget)?.Uri).OfType<Uri>().ToList();
        if (urls.Count > 0)
        {
            PingWarmUp.Run(withTls: urls.Exists(url => url.Scheme == Uri.UriSchemeHttps));
        }
    }

    private static void ShowTable(
        PingSessions session, IReadOnlyList<PingTarget> targets, TextWriter output, CancellationToken cancellationToken)
    {
        var isPlain = Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi;
        var table = new PingTable(targets, isPlain ? PlainWidth : AnsiConsole.Profile.Width);
        if (isPlain)
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
        var troubled = targets.Where(target => target.Problem is { } problem && problem != session.Problem)
            .Select(target => $"{target.Name}: {target.Problem}").ToList();
        Tell(troubled, "targets that could not be measured", errors);
    }

    private static void Tell(IReadOnlyList<string> sentences, string kind, TextWriter errors)
    {
        foreach (var sentence in sentences.Take(MaxExplained))
        {
            errors.WriteLine(sentence);
        }
        if (sentences.Count > MaxExplained)
        {
            errors.WriteLine($"and {sentences.Count - MaxExplained} more {kind}");
        }
    }
}
