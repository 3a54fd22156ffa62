using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Recognizes the files of other tools and says what to do with them.</summary>
/// <param name="Form">Whose file it is.</param>
/// <param name="Place">The key that shows it.</param>
/// <param name="Advice">What to do, one sentence.</param>
internal sealed record ForeignForm(ConfigurationForm Form, Place Place, string Advice)
{
    private const string WhereToRead = "(docs/configuration.md shows a file of ten lines)";

    private static readonly string[] PrometheusKeys =
        ["scrape_configs", "scrape_config_files", "rule_files", "alerting", "remote_write", "remote_read"];

    /// <summary>The other tool's form; null when the text looks like none.</summary>
    public static ForeignForm? Recognize(YamlNode root) => root switch
    {
        YamlMap map => RecognizeKeys(map),
        YamlList { Items: [YamlMap first, ..] } when first.Find("targets") is { } entry => new(
            ConfigurationForm.Prometheus, entry.Key.Place,
            $"this is a target list of Prometheus: write its addresses under 'targets:' {WhereToRead}"),
        _ => null,
    };

    private static ForeignForm? RecognizeKeys(YamlMap map)
    {
        if (map.Find("modules") is { Value: YamlMap } modules)
        {
            return new(ConfigurationForm.BlackboxExporter, modules.Key.Place,
                "this is a file of blackbox_exporter: it says how to probe but not what, so keep it there and "
                + $"write the addresses that Prometheus gives it under 'targets:' {WhereToRead}");
        }
        if ((map.Find("endpoints") ?? map.Find("external-endpoints")) is { Value: YamlList } endpoints)
        {
            return new(ConfigurationForm.Gatus, endpoints.Key.Place,
                $"this is a file of Gatus: write each endpoint as a target with its name and address {WhereToRead}");
        }
        foreach (var key in PrometheusKeys)
        {
            if (map.Find(key) is { } entry)
            {
                return new(ConfigurationForm.Prometheus, entry.Key.Place,
                    "this is a file of Prometheus: leave it there, and write the addresses to measure "
                    + $"under 'targets:' {WhereToRead}");
            }
        }
        return map.Find("targets") is { Value: YamlList { Items: [YamlMap first, ..] } }
            && first.Find("hosts") is { Value: YamlList } hosts
                ? new(ConfigurationForm.SmokepingProber, hosts.Key.Place,
                    "this is a file of smokeping_prober: make each entry a group, "
                    + $"'groups: [{{name: …, interval: …, targets: [its hosts]}}]' {WhereToRead}")
                : null;
    }
}
