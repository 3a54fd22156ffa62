using System.Net;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads the full form: settings of the process, defaults, groups and targets.</summary>
internal static class FullForm
{
    private const int LongestVantagePoint = 64;

    /// <summary>The configuration; worth something only if no problem was noted.</summary>
    public static SondeConfiguration Read(Settings settings)
    {
        settings.RefuseUnknown(KnownKeys.Top);
        var standard = new SondeConfiguration();
        var web = WebReader.Read(settings);
        return standard with
        {
            VantagePoint = ReadVantagePoint(settings) ?? standard.VantagePoint,
            TimeZone = ReadTimeZone(settings) ?? standard.TimeZone,
            Listen = ReadListen(settings, web.Token) ?? standard.Listen,
            Web = web,
            Storage = StorageReader.Read(settings),
            Modules = ModulesReader.Read(settings),
            ProbeAllow = ProbeAllowReader.Read(settings),
            Metrics = ReadMetrics(settings),
            Retention = RetentionReader.Read(settings),
            Otlp = TelemetryReader.Read(settings),
            RemoteWrite = RemoteWriteReader.Read(settings),
            Checks = ReadTargets(settings).ToChecks(),
        };
    }

    private static string? ReadVantagePoint(Settings settings)
    {
        var name = settings.Text("vantagePoint", LongestVantagePoint);
        if (name?.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') == false)
        {
            settings.Problems.Add(settings.PlaceOf("vantagePoint"), "'vantagePoint' takes letters, digits and - . _");
        }
        return name;
    }

    private static TimeZoneInfo? ReadTimeZone(Settings settings)
    {
        if (settings.Text("timezone", longest: 64) is not { } id)
        {
            return null;
        }
        var isName = id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
        if (isName && !id.StartsWith('/') && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            return zone;
        }
        settings.Problems.Add(
            settings.PlaceOf("timezone"),
            "'timezone' takes a zone of the IANA list that this machine knows, as Europe/Berlin or UTC, "
            + $"not {settings.Written("timezone")}");
        return null;
    }

    private static IPEndPoint? ReadListen(Settings settings, string? token)
    {
        if (settings.Text("listen", longest: 100) is not { } text)
        {
            return null;
        }
        if (!ListenAddress.TryParse(text, out var listen))
        {
            settings.Problems.Add(
                settings.PlaceOf("listen"),
                $"{settings.Written("listen")} is no listen address: {ListenAddress.Wanted}");
            return null;
        }
        if (!settings.Has("token") && ListenAddress.Refusal(listen, token) is { } refusal)
        {
            settings.Problems.Add(settings.PlaceOf("listen"), refusal);
        }
        return listen;
    }

    private static MetricsConfiguration ReadMetrics(Settings settings)
    {
        var standard = new MetricsConfiguration();
        if (settings.Node<YamlMap>("metrics", "a mapping {histograms, smokeping}") is not { } map)
        {
            return standard;
        }
        var metrics = settings.For(map);
        metrics.RefuseUnknown(KnownKeys.Metrics);
        return new MetricsConfiguration
        {
            Histograms = metrics.Flag("histograms") ?? standard.Histograms,
            Smokeping = metrics.Flag("smokeping") ?? standard.Smokeping,
        };
    }

    private static TargetsReader ReadTargets(Settings settings)
    {
        var outer = settings.Node<YamlMap>("defaults", "a mapping") is { } defaults
            ? ReadDefaults(settings.For(defaults))
            : CheckSettings.None;
        var targets = new TargetsReader(settings.Problems);
        var groupNames = new Dictionary<string, Place>();
        foreach (var item in settings.List("groups", "a list of groups")?.Items ?? [])
        {
            if (item is YamlMap map)
            {
                ReadGroup(settings.For(map), outer, targets, groupNames);
            }
            else
            {
                settings.Problems.Add(
                    item.Place,
                    $"a group is a mapping {{name, …, targets}}, not {Settings.ShapeOf(item)}");
            }
        }
        targets.Read(settings, outer, group: null);
        if (!settings.Has("groups") && !settings.Has("targets") && !settings.Has("modules"))
        {
            settings.Problems.Add(
                settings.Place,
                "nothing to measure: write 'targets:' and under it a list of addresses");
        }
        return targets;
    }

    private static CheckSettings ReadDefaults(Settings defaults)
    {
        defaults.RefuseUnknown(KnownKeys.Check);
        return CheckSettingsReader.Read(defaults, CheckSettings.None);
    }

    private static void ReadGroup(
        Settings group, CheckSettings outer, TargetsReader targets, Dictionary<string, Place> groupNames)
    {
        group.RefuseUnknown(KnownKeys.Group);
        group.Require("name");
        group.Require("targets");
        var name = group.Text("name", TargetsReader.LongestName);
        if (name is not null && !groupNames.TryAdd(name, group.PlaceOf("name")))
        {
            group.Problems.Add(
                group.PlaceOf("name"),
                $"the group {group.Written("name")} is written twice; first in line {groupNames[name].Line}");
        }
        targets.Read(group, CheckSettingsReader.Read(group, outer).Over(outer), name);
    }
}
