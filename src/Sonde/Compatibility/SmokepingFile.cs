using System.Globalization;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>The targets of smokeping_prober: a group for each entry.</summary>
internal static class SmokepingFile
{
    /// <summary>Takes the targets over.</summary>
    public static void Import(ForeignMap file, ImportedTargets targets)
    {
        foreach (var entry in file.Maps("targets"))
        {
            var settings = new YamlSection()
                .Add("interval", entry.Duration(
                    "interval", CheckSettingsReader.LeastInterval, CheckSettingsReader.MostInterval))
                .Add("family", ReadFamily(entry))
                .Add("size", Text(entry.Integer("size", 16, 65_000)))
                .Add("tos", Text(entry.Integer("tos", 0, 255)))
                .Add(ForeignLabels.ToSettings(entry, "labels"));
            entry.Pass("protocol");   // which kind of socket; Sonde takes the one that it may open
            var labels = string.Join(' ', entry.Pairs("labels").Select(label => label.Value));
            var group = targets.BeginGroup(labels.Length > 0 ? labels : "smokeping", settings);
            foreach (var host in entry.Items("host").Concat(entry.Items("hosts")).OfType<YamlScalar>())
            {
                var address = ForeignAddress.For("icmp", host.Text, out var problem);
                if (address is null)
                {
                    entry.Notes.Add(host.Place, $"the host {Quoted.Value(host)} {problem}");
                }
                else
                {
                    targets.Add(group, new("icmp", address, address, new(), host.Place), entry.Notes);
                }
            }
            entry.NoteRest();
        }
    }

    private static string? ReadFamily(ForeignMap entry) => entry.Text("network") switch
    {
        "ip4" => "4",
        "ip6" => "6",
        null or "ip" => null,
        _ => entry.Refuse<string>("network", "is none of ip, ip4, ip6"),
    };

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
