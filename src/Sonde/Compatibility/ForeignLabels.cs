using Sonde.Configuration;

namespace Sonde.Compatibility;

/// <summary>Labels of Prometheus as tags: <c>team=core</c>.</summary>
internal static class ForeignLabels
{
    /// <summary>The tags for labels; <c>region</c> becomes the region.</summary>
    public static YamlSection ToSettings(ForeignMap map, string key)
    {
        var tags = new List<string>();
        var section = new YamlSection();
        foreach (var (name, value) in map.Pairs(key))
        {
            if (name.StartsWith("__", StringComparison.Ordinal))
            {
                continue;   // for Prometheus itself
            }
            var tag = $"{name}={value}";
            var isTag = !tag.Contains(',', StringComparison.Ordinal) && !tag.Any(char.IsControl);
            if (name == "region" && value.Length is > 0 and <= CheckSettingsReader.LongestRegion
                && !value.Any(char.IsControl))
            {
                section.Add("region", value);
            }
            else if (isTag && tag.Length <= CheckSettingsReader.LongestTag && tags.Count < CheckSettingsReader.MostTags)
            {
                tags.Add(tag);
            }
            else
            {
                map.Refuse<string>(key, $"holds more than tags may: '{name}' is not carried over");
            }
        }
        if (tags.Count > 0)
        {
            map.Refuse<string>(key, "become tags, not labels of metrics");
        }
        return section.Add("tags", tags);
    }
}
