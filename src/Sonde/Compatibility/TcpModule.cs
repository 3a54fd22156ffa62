using System.Text.RegularExpressions;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>The <c>tcp</c> of a blackbox_exporter module: TLS, and lines to expect and send.</summary>
internal static partial class TcpModule
{
    /// <summary>What it says of a target.</summary>
    public static YamlSection Read(ForeignMap map)
    {
        var settings = new YamlSection().Add("family", ProbeModules.ReadFamily(map));
        var isTls = map.Flag("tls") == true;
        var steps = map.Maps("query_response").Select(ReadStep).ToList();
        var isWhole = steps.All(step => step is not null) && steps.Count <= DialogueReader.MostSteps;
        var tls = ReadTls(map.Map("tls_config"));
        var beginsLater = isWhole && steps.Any(step => step!.Entries.Any(entry => entry.Key.Text == "starttls"));
        if (isTls || beginsLater)
        {
            settings.Add("tls", tls);
            settings.Add("tls", tls.IsEmpty && !beginsLater ? true : null);
        }
        if (!isWhole)
        {
            map.Refuse<string>("query_response", "is left out whole: a dialogue that lacks a step is another one");
            return settings;
        }
        return settings.Add("dialogue", steps!);
    }

    private static YamlSection ReadTls(ForeignMap? tls)
    {
        var section = new YamlSection();
        if (tls is not null)
        {
            var isVerified = tls.Flag("insecure_skip_verify") != true;
            var name = tls.Text("server_name");
            if (name is not null && !AddressText.IsHostName(name))
            {
                name = tls.Refuse<string>("server_name", "is not a host name");
            }
            section.Add("serverName", name).Add("verify", isVerified ? null : false);
            tls.NoteRest();
        }
        return section;
    }

    private static YamlMap? ReadStep(ForeignMap step)
    {
        var expect = step.Text("expect") is { Length: > 0 } written ? written : null;
        var converted = expect is null ? null : ForeignExpression.Convert(expect);
        var send = step.Text("send")?.TrimEnd('\r', '\n');
        var startTls = step.Flag("starttls") == true;
        var problem = step.Take("expect_bytes") is not null ? "expects bytes, not a line"
            : expect is not null && converted is null ? "has an expression that Sonde does not take"
            : send is not null && Placeholder().IsMatch(send) ? "sends back what it received"
            : send is not null && (send.Any(char.IsControl) || send.Length is 0 or > DialogueReader.LongestLine)
                ? "does not send one line"
            : expect is null && send is null && !startTls ? "neither expects nor sends"
            : null;
        if (problem is not null)
        {
            step.Notes.Add(step.Place, $"{step.Owner}: this step {problem}");
            step.Pass("labels");
            return null;
        }
        var section = new YamlSection()
            .Add("expect", converted)
            .Add("send", send)
            .Add("starttls", startTls ? true : null);
        step.NoteRest();
        return section.ToMap();
    }

    /// <summary>What Go's Expand replaces by a group of the match.</summary>
    [GeneratedRegex(@"\$(\w|\{\w+\})", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
