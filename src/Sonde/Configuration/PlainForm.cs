using System.Net;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads the plain form: <c>global_settings</c> and a list of addresses.</summary>
internal static class PlainForm
{
    /// <summary>The key that tells the plain form from the full one.</summary>
    public const string Sign = "global_settings";

    /// <summary>The configuration; worth something only if no problem was noted.</summary>
    public static SondeConfiguration Read(Settings settings)
    {
        settings.RefuseUnknown(KnownKeys.PlainTop);
        var listen = new SondeConfiguration().Listen;
        var checkSettings = CheckSettings.None;
        if (settings.Node<YamlMap>(Sign, "a mapping of probes, interval and port") is { } map)
        {
            var global = settings.For(map);
            global.RefuseUnknown(KnownKeys.GlobalSettings);
            checkSettings = new CheckSettings
            {
                Packets = CheckSettingsReader.ReadPackets(global, "probes"),
                Interval = CheckSettingsReader.ReadInterval(global),
            };
            listen = new IPEndPoint(listen.Address, global.Integer("port", 1, 65_535) ?? listen.Port);
        }
        settings.Require("targets");
        var targets = new TargetsReader(settings.Problems);
        targets.Read(settings, checkSettings, group: null);
        return new SondeConfiguration { Checks = targets.ToChecks(), Listen = listen };
    }
}
