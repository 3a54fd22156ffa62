using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads the <c>dialogue</c> of a TCP check.</summary>
internal static class DialogueReader
{
    /// <summary>The most steps of a dialogue.</summary>
    public const int MostSteps = 20;

    /// <summary>The longest line that is sent.</summary>
    public const int LongestLine = 1000;

    private const string Wanted = "a list of 1 to 20 steps {expect, send, starttls}";

    /// <summary>The steps; null when there are none.</summary>
    public static ValueList<TcpDialogueStep>? Read(Settings settings)
    {
        if (settings.List("dialogue", Wanted) is not { } list)
        {
            return null;
        }
        if (list.Items.Length > MostSteps)
        {
            settings.Problems.Add(list.Items[MostSteps].Place, $"a dialogue has at most {MostSteps} steps");
        }
        var steps = new List<TcpDialogueStep>();
        foreach (var item in list.Items.Take(MostSteps))
        {
            if (item is not YamlMap map || map.Entries.IsEmpty)
            {
                settings.Problems.Add(
                    item.Place,
                    $"a step is a mapping of expect, send and starttls, not {Settings.ShapeOf(item)}");
                continue;
            }
            var step = ReadStep(settings.For(map));
            if (step.StartTls && steps.Any(earlier => earlier.StartTls))
            {
                settings.Problems.Add(item.Place, "TLS began in a step before this one");
            }
            steps.Add(step);
        }
        return [.. steps];
    }

    private static TcpDialogueStep ReadStep(Settings step)
    {
        step.RefuseUnknown(KnownKeys.DialogueStep);
        var startTls = step.Flag("starttls");
        if (startTls == false && !step.Has("expect") && !step.Has("send"))
        {
            step.Problems.Add(step.Place, "this step does nothing: it wants 'expect', 'send' or 'starttls: true'");
        }
        var expect = PatternText.Read(step, "expect");
        return new TcpDialogueStep(expect, step.Secret("send", LongestLine), startTls ?? false);
    }
}
