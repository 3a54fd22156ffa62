using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads the <c>tcp</c> of a module.</summary>
internal static class TcpModuleReader
{
    private const int MostLabels = 20;

    /// <summary>What is done once the connection stands; null = nothing.</summary>
    public static TcpDialogue? Read(Settings tcp)
    {
        var trust = ModuleTlsReader.Read(tcp);
        var isTls = tcp.Flag("tls") ?? false;
        var steps = new List<TcpDialogueStep>();
        foreach (var step in tcp.Sections("query_response", ModuleKeys.Step, DialogueReader.MostSteps))
        {
            steps.Add(ReadStep(step));
        }
        var begins = steps.Count(step => step.StartTls);
        if (begins + (isTls ? 1 : 0) > 1)
        {
            tcp.Problems.Add(tcp.PlaceOf("query_response"), "TLS begins more than once");
        }
        return steps.Count == 0 && !isTls ? null : new TcpDialogue(isTls, trust, [.. steps]);
    }

    private static TcpDialogueStep ReadStep(Settings step)
    {
        var expect = step.Says("expect") ? GoPattern.Read(step, "expect") : null;
        var template = expect is null ? null : FindTemplate(step);
        var startTls = step.Flag("starttls") ?? false;
        if (!step.Says("expect") && !step.Says("send") && !startTls)
        {
            step.Problems.Add(step.Place, "this step does nothing: it wants 'expect', 'send' or 'starttls: true'");
        }
        return new TcpDialogueStep(expect, template ?? ReadLine(step), startTls)
        {
            SendsCaptures = template is not null,
            Labels = [.. step.Sections("labels", ModuleKeys.Label, MostLabels).Select(ReadLabel).OfType<ExpectLabel>()],
        };
    }

    /// <summary>
    /// The line of a step that awaits one, where it uses what was awaited: <c>PONG ${1}</c>. Then <c>$</c> stands for
    /// that, and never for a variable of the environment.
    /// </summary>
    private static string? FindTemplate(Settings step) =>
        step.Entries.FirstOrDefault(entry => entry.Key.Text == "send")?.Value is YamlScalar { IsNull: false } written
        && written.Text.Contains('$', StringComparison.Ordinal)
        && !written.Text.AsSpan().TrimEnd('\r').ContainsAny('\r', '\n')
        && written.Text.Length <= DialogueReader.LongestLine
            ? written.Text.TrimEnd('\r')
            : null;

    /// <summary>A line; Sonde ends it with CR LF by itself, so that one which brings its own CR loses it.</summary>
    private static string? ReadLine(Settings step)
    {
        if (!step.Says("send") || step.Entries.First(entry => entry.Key.Text == "send").Value is not YamlScalar written)
        {
            return step.Says("send") ? step.Secret("send", DialogueReader.LongestLine) : null;
        }
        var line = step.Text(written, "send", DialogueReader.LongestLine, isOneLine: false)?.TrimEnd('\r');
        if (line?.Any(char.IsControl) == true)
        {
            step.Problems.Add(written.Place, $"'send' takes 1 to {DialogueReader.LongestLine} characters on one line");
        }
        return line;
    }

    private static ExpectLabel? ReadLabel(Settings label)
    {
        label.Require("name");
        var name = label.Text("name", longest: 100);
        var isName = name is null
            || (name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]));
        if (!isName)
        {
            label.Problems.Add(label.PlaceOf("name"), "a label's name takes letters, digits and _, no digit first");
        }
        var value = label.Entries.FirstOrDefault(entry => entry.Key.Text == "value")?.Value is YamlScalar written
            ? written.Text : "";
        return name is null || !isName ? null : new ExpectLabel(name, value);
    }
}
