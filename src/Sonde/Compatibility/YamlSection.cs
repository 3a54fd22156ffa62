using System.Collections.Immutable;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>A mapping of sonde.yaml in the making. What is null or empty is not written.</summary>
/// <param name="toSonde">
/// Makes of another tool's text what sonde.yaml writes for it; default that a <c>${</c> in it stands for itself.
/// </param>
internal sealed class YamlSection(Func<string, string>? toSonde = null)
{
    private readonly Func<string, string> _toSonde = toSonde ?? Escape;
    private readonly List<YamlEntry> _entries = [];

    /// <summary>True when nothing was written.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The single value of a key; null when there is none.</summary>
    public string? Find(string key) =>
        (_entries.Find(entry => entry.Key.Text == key)?.Value as YamlScalar)?.Text;

    /// <summary>Writes a value.</summary>
    public YamlSection Add(string key, string? text) => Add(key, text is null ? null : Scalar(_toSonde(text)));

    /// <summary>Writes a flag.</summary>
    public YamlSection Add(string key, bool? flag) => Add(key, flag is { } value ? (value ? "true" : "false") : null);

    /// <summary>Writes a duration.</summary>
    public YamlSection Add(string key, TimeSpan? duration) =>
        Add(key, duration is { } value ? DurationText.Write(value) : null);

    /// <summary>Writes a list of values.</summary>
    public YamlSection Add(string key, IEnumerable<string> texts) =>
        Add(key, texts.Select(text => Scalar(_toSonde(text))));

    /// <summary>Writes a list.</summary>
    public YamlSection Add(string key, IEnumerable<YamlNode> items)
    {
        var list = items.ToImmutableArray();
        return Add(key, list.IsEmpty ? null : new YamlList(Place.Start, weight: 1, list));
    }

    /// <summary>Writes a mapping.</summary>
    public YamlSection Add(string key, YamlSection section) => Add(key, section.IsEmpty ? null : section.ToMap());

    /// <summary>Writes a mapping of names that the user chose to values.</summary>
    public YamlSection Add(string key, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var section = new YamlSection(_toSonde);
        foreach (var (name, text) in pairs)
        {
            section.Add(name, text);
        }
        return Add(key, section);
    }

    /// <summary>Writes a value as it stands.</summary>
    public YamlSection Add(string key, YamlNode? node)
    {
        if (node is not null)
        {
            _entries.Add(new YamlEntry(new YamlScalar(Place.Start, key, isQuoted: false), node));
        }
        return this;
    }

    /// <summary>Writes all that another one holds.</summary>
    public YamlSection Add(YamlSection other)
    {
        _entries.AddRange(other._entries);
        return this;
    }

    /// <summary>The mapping.</summary>
    public YamlMap ToMap() => new(Place.Start, weight: 1, [.. _entries]);

    /// <summary>A value whose <c>${</c> stands for itself.</summary>
    public static YamlScalar Literal(string text) => Scalar(Escape(text));

    private static YamlScalar Scalar(string text) => new(Place.Start, text, isQuoted: true);

    private static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);
}
