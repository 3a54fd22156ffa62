using System.Collections.Immutable;

namespace Sonde.Configuration.Yaml;

/// <summary>A value of a YAML text that knows where it stands. An aliased value stands where its anchor is.</summary>
internal abstract class YamlNode(Place place, int weight)
{
    /// <summary>Where the value begins.</summary>
    public Place Place => place;

    /// <summary>How many values it holds, itself included; what an alias to it costs.</summary>
    public int Weight => weight;
}

/// <summary>A text, number or any other single value.</summary>
/// <param name="place">Where it begins.</param>
/// <param name="text">The text as written, without quotes.</param>
/// <param name="isQuoted">True when it was written in quotes or as a block, so that <c>null</c> is a word.</param>
internal sealed class YamlScalar(Place place, string text, bool isQuoted) : YamlNode(place, weight: 1)
{
    /// <summary>The text as written, before variables are put in.</summary>
    public string Text => text;

    /// <summary>True when nothing was written, or YAML's null.</summary>
    public bool IsNull => !isQuoted && text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list of values.</summary>
internal sealed class YamlList(Place place, int weight, ImmutableArray<YamlNode> items) : YamlNode(place, weight)
{
    /// <summary>The values in the order of the file.</summary>
    public ImmutableArray<YamlNode> Items => items;
}

/// <summary>Keys with their values.</summary>
internal sealed class YamlMap(Place place, int weight, ImmutableArray<YamlEntry> entries) : YamlNode(place, weight)
{
    /// <summary>The keys with their values in the order of the file, merged ones last; no key twice.</summary>
    public ImmutableArray<YamlEntry> Entries => entries;

    /// <summary>The entry of a key; null when there is none.</summary>
    public YamlEntry? Find(string key)
    {
        foreach (var entry in entries)
        {
            if (entry.Key.Text == key)
            {
                return entry;
            }
        }
        return null;
    }
}

/// <summary>A key with its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
