using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Recognizes the files of other tools and says what to do with them.</summary>
/// <param name="Form">Whose file it is.</param>
/// <param name="Place">The key that shows it.</param>
/// <param name="Advice">What to do, one sentence.</param>
internal sealed record ForeignForm(ConfigurationForm Form, Place Place, string Advice)
{
    private const string WayOn = "'sonde import-config' makes a sonde.yaml of it";

    private static readonly string[] PrometheusKeys =
        ["scrape_configs", "scrape_config_files", "rule_files", "alerting", "remote_write", "remote_read"];

    /// <summary>The other tool's form; null when the text looks like none.</summary>
    public static ForeignForm? Recognize(YamlNode root) => root switch
    {
        YamlMap map => RecognizeKeys(map),
        YamlList { Items: [YamlMap first, ..] } when first.Find("targets") is { } entry => new(
            ConfigurationForm.Prometheus, entry.Key.Place, $"this is a target list of Prometheus: {WayOn}"),
        _ => null,
    };

    private static ForeignForm? RecognizeKeys(YamlMap map)
    {
        if (map is { Entries: [{ Key.Text: "modules", Value: YamlMap } modules] })
        {
            return new(ConfigurationForm.BlackboxExporter, modules.Key.Place,
                $"this is a file of blackbox_exporter: {WayOn}, and of the file of Prometheus that names its targets");
        }
        if ((map.Find("endpoints") ?? map.Find("external-endpoints")) is { Value: YamlList } endpoints)
        {
            return new(ConfigurationForm.Gatus, endpoints.Key.Place, $"this is a file of Gatus: {WayOn}");
        }
        foreach (var key in PrometheusKeys)
        {
            if (map.Find(key) is { } entry)
            {
                return new(ConfigurationForm.Prometheus, entry.Key.Place,
                    $"this is a file of Prometheus: {WayOn}, with the targets that it has blackbox_exporter measure");
            }
        }
        return map.Find("targets") is { Value: YamlList { Items: [YamlMap first, ..] } }
            && first.Find("hosts") is { Value: YamlList } hosts
                ? new(ConfigurationForm.SmokepingProber, hosts.Key.Place,
                    $"this is a file of smokeping_prober: {WayOn}")
                : null;
    }
}
