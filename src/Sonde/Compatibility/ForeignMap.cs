using System.Globalization;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>
/// A mapping of another tool's file. It knows which of its keys were taken, so that nothing else is lost in silence.
/// </summary>
/// <param name="map">The mapping.</param>
/// <param name="owner">Whose keys these are, in words, for notes.</param>
/// <param name="notes">Where notes go.</param>
internal sealed class ForeignMap(YamlMap map, string owner, ImportNotes notes)
{
    private readonly HashSet<string> _taken = [];

    /// <summary>Where notes go.</summary>
    public ImportNotes Notes => notes;

    /// <summary>Whose keys these are, in words.</summary>
    public string Owner => owner;

    /// <summary>Where the mapping begins.</summary>
    public Place Place => map.Place;

    /// <summary>The keys in the order of the file.</summary>
    public IEnumerable<YamlEntry> Entries => map.Entries;

    /// <summary>Where the key stands; the mapping's place when it was not written.</summary>
    public Place PlaceOf(string key) => map.Find(key)?.Key.Place ?? map.Place;

    /// <summary>The key's value; null when it was not written, or says nothing.</summary>
    public YamlNode? Take(string key)
    {
        _taken.Add(key);
        return map.Find(key)?.Value is { } value and not YamlScalar { IsNull: true } ? value : null;
    }

    /// <summary>A single value.</summary>
    public string? Text(string key) => Take(key) switch
    {
        null => null,
        YamlScalar scalar => scalar.Text,
        var other => Refuse<string>(key, $"takes a single value, not {Settings.ShapeOf(other)}"),
    };

    /// <summary>True when the key says so, null when it is not written.</summary>
    public bool? Flag(string key) => Text(key) switch
    {
        null => null,
        var text => text is "true" or "True" or "yes" or "on",
    };

    /// <summary>A duration, brought within the bounds that Sonde has.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        if (ForeignDuration.Parse(text) is not { } duration)
        {
            Refuse<string>(key, "is no duration");
            return null;
        }
        return Bounded(key, duration, least, most, DurationText.Write);
    }

    /// <summary>A whole number, brought within the bounds that Sonde has; also as <c>0x2e</c>.</summary>
    public int? Integer(string key, int least, int most)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        var isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!int.TryParse(
            isHexadecimal ? text[2..] : text, isHexadecimal ? NumberStyles.HexNumber : NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var number))
        {
            Refuse<string>(key, "is no whole number");
            return null;
        }
        return Bounded(key, number, least, most, bound => bound.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A mapping within this one.</summary>
    public ForeignMap? Map(string key) => Take(key) switch
    {
        null => null,
        YamlMap inner => new ForeignMap(inner, $"{owner}, '{key}'", notes),
        var other => Refuse<ForeignMap>(key, $"takes a mapping, not {Settings.ShapeOf(other)}"),
    };

    /// <summary>The values of a list; a single value is a list of one.</summary>
    public IReadOnlyList<YamlNode> Items(string key) => Take(key) switch
    {
        null => [],
        YamlList list => list.Items,
        var single => [single],
    };

    /// <summary>The single values of a list.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        [.. Items(key).OfType<YamlScalar>().Where(item => !item.IsNull).Select(item => item.Text)];

    /// <summary>The mappings of a list; one that has a name is called by it.</summary>
    public IEnumerable<ForeignMap> Maps(string key)
    {
        foreach (var item in Items(key))
        {
            if (item is YamlMap inner)
            {
                var name = (inner.Find("name") ?? inner.Find("job_name"))?.Value as YamlScalar;
                yield return new ForeignMap(
                    inner, name is null ? $"{owner}, '{key}'" : $"{key} {Quoted.Value(name)}", notes);
            }
            else
            {
                notes.Add(item.Place, $"{owner}: an entry of '{key}' is no mapping, and left out");
            }
        }
    }

    /// <summary>The keys with single values, as labels and headers have them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs(string key) =>
        from entry in (Take(key) as YamlMap)?.Entries ?? []
        where entry.Value is YamlScalar { IsNull: false }
        select KeyValuePair.Create(entry.Key.Text, ((YamlScalar)entry.Value).Text);

    /// <summary>These keys need no counterpart.</summary>
    public void Pass(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _taken.Add(key);
        }
    }

    /// <summary>Notes each key that was not taken.</summary>
    public void NoteRest()
    {
        foreach (var key in map.Entries.Select(entry => entry.Key).Where(key => !_taken.Contains(key.Text)))
        {
            notes.Add(key.Place, $"{owner}: {Quoted.Key(key)} is not carried over");
        }
    }

    /// <summary>Notes that a key is not carried over, and why.</summary>
    public T? Refuse<T>(string key, string reason)
        where T : class
    {
        notes.Add(PlaceOf(key), $"{owner}: '{key}' {reason}");
        return null;
    }

    private T Bounded<T>(string key, T value, T least, T most, Func<T, string> write)
        where T : struct, IComparable<T>
    {
        var bounded = value.CompareTo(least) < 0 ? least : value.CompareTo(most) > 0 ? most : value;
        if (bounded.CompareTo(value) != 0)
        {
            Refuse<string>(key, $"becomes {write(bounded)}: Sonde takes {write(least)} to {write(most)}");
        }
        return bounded;
    }
}
