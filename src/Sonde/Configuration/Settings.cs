using System.Collections.Immutable;
using System.Globalization;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>The keys of one mapping, read by type and range. What is wrong is noted, and null given back.</summary>
/// <param name="map">The mapping.</param>
/// <param name="problems">Where problems go.</param>
/// <param name="sources">For variables and secret files; null for a pasted text, which may have none.</param>
internal sealed class Settings(YamlMap map, ProblemList problems, TextSources? sources)
{
    private const string NotPasted =
        "variables and secret files come only from a configuration on disk, never from a pasted one";

    /// <summary>Where problems go.</summary>
    public ProblemList Problems => problems;

    /// <summary>For paths; null for a pasted text.</summary>
    public TextSources? Sources => sources;

    /// <summary>Where the mapping begins.</summary>
    public Place Place => map.Place;

    /// <summary>The keys with their values, for mappings whose keys are the user's own words.</summary>
    public ImmutableArray<YamlEntry> Entries => map.Entries;

    /// <summary>True when the key was written.</summary>
    public bool Has(string key) => map.Find(key) is not null;

    /// <summary>Where the key's value begins; the mapping's place when the key was not written.</summary>
    public Place PlaceOf(string key) => map.Find(key)?.Value.Place ?? map.Place;

    /// <summary>What the key has, whatever its shape; null when it was not written.</summary>
    public YamlNode? Value(string key) => map.Find(key)?.Value;

    /// <summary>Where the key itself stands; the mapping's place when it was not written.</summary>
    public Place PlaceOfKey(string key) => map.Find(key)?.Key.Place ?? map.Place;

    /// <summary>The value as the file has it, to be quoted; empty when it is not a single value.</summary>
    public string Written(string key) => map.Find(key)?.Value is YamlScalar scalar ? Quoted.Value(scalar) : "";

    /// <summary>The same rules for another mapping of this text.</summary>
    public Settings For(YamlMap other) => new(other, problems, sources);

    /// <summary>Notes the keys that may not stand here.</summary>
    public void RefuseUnknown(string[] known)
    {
        foreach (var entry in map.Entries)
        {
            if (Array.IndexOf(known, entry.Key.Text) < 0)
            {
                problems.Add(entry.Key.Place, () => KnownKeys.Explain(entry.Key, known));
            }
        }
    }

    /// <summary>The key's value when it is of that shape; null when not written.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wanted">The shape in words, for the message.</param>
    public T? Node<T>(string key, string wanted)
        where T : YamlNode
    {
        var entry = map.Find(key);
        if (entry is null or { Value: T and not YamlScalar { IsNull: true } })
        {
            return entry?.Value as T;
        }
        problems.Add(entry.Value.Place, entry.Value is YamlScalar { IsNull: true }
            ? $"'{key}' has no value: leave the key out or give it {wanted}"
            : $"'{key}' takes {wanted}, not {ShapeOf(entry.Value)}");
        return null;
    }

    /// <summary>A list that may not be empty; null when not written.</summary>
    public YamlList? List(string key, string wanted)
    {
        var list = Node<YamlList>(key, wanted);
        if (list is { Items.Length: 0 })
        {
            problems.Add(list.Place, $"'{key}' is an empty list: leave the key out or give it {wanted}");
            return null;
        }
        return list;
    }

    /// <summary>A text with its variables put in, 1 to that many characters on one line.</summary>
    public string? Text(string key, int longest, string wanted = "a text") =>
        Node<YamlScalar>(key, wanted) is { } scalar ? Text(scalar, key, longest) : null;

    /// <summary>The same for a value that stands in a list, or may have several lines.</summary>
    public string? Text(YamlScalar scalar, string key, int longest, bool isOneLine = true)
    {
        var text = Expand(scalar);
        if (text is null)
        {
            return null;
        }
        if (text.Length > 0 && text.Length <= longest && !HasControls(text, isOneLine))
        {
            return text;
        }
        problems.Add(
            scalar.Place, $"'{key}' takes 1 to {longest} characters{(isOneLine ? " on one line" : "")}");
        return null;
    }

    /// <summary>A secret: a text, or <c>{file: path}</c>. Its value never stands in a message.</summary>
    public string? Secret(string key, int longest, bool isOneLine = true)
    {
        if (map.Find(key)?.Value is not YamlMap byFile)
        {
            return Node<YamlScalar>(key, "a text or {file: path}") is { } scalar
                ? Text(scalar, key, longest, isOneLine) : null;
        }
        if (sources is null)
        {
            problems.Add(byFile.Place, NotPasted);
            return null;
        }
        var file = For(byFile);
        file.RefuseUnknown(KnownKeys.SecretFile);
        file.Require("file");
        return file.FileText("file", key, longest, isOneLine);
    }

    /// <summary>What the file holds whose path the key has, without white space around it; for secrets.</summary>
    /// <param name="key">The key of the path.</param>
    /// <param name="meaning">What the file is for, in messages.</param>
    /// <param name="longest">The longest text.</param>
    /// <param name="isOneLine">False where it may have several lines.</param>
    public string? FileText(string key, string meaning, int longest, bool isOneLine = true)
    {
        if (Text(key, YamlTree.MostCharacters, "the path of a file") is not { } path)
        {
            return null;
        }
        var secret = "";
        var problem = sources is null ? NotPasted : sources.ReadFile(path, longest, out secret);
        if (problem is null && (secret.Length > longest || HasControls(secret, isOneLine)))
        {
            problem = $"the file for '{meaning}' holds more than {longest} characters"
                + (isOneLine ? " or more than one line" : "");
        }
        if (problem is not null)
        {
            problems.Add(PlaceOf(key), problem);
            return null;
        }
        return secret;
    }

    /// <summary>Notes that the key is missing.</summary>
    public void Require(string key)
    {
        if (!Has(key))
        {
            problems.Add(map.Place, $"'{key}' is missing here");
        }
    }

    /// <summary>A whole number within the range, ends included.</summary>
    public int? Integer(string key, int least, int most)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        return Value(key, wanted, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number : (int?)null);
    }

    /// <summary>A duration within the range, ends included.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        var wanted = $"a duration from {DurationText.Write(least)} to {DurationText.Write(most)} "
            + "(as 250ms, 1.5s, 5m, 1h; a bare number is seconds)";
        return Value(key, wanted, text =>
            DurationText.TryParse(text, out var duration) && duration >= least && duration <= most
                ? duration : (TimeSpan?)null);
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? Flag(string key, string wanted = "true or false") =>
        Value(key, wanted, text => text switch { "true" => true, "false" => false, _ => (bool?)null });

    /// <summary>One of a few words.</summary>
    public T? Choice<T>(string key, params (string Word, T Value)[] choices)
        where T : struct =>
        Value(key, string.Join(" or ", choices.Select(choice => choice.Word)), text =>
        {
            foreach (var (word, value) in choices)
            {
                if (word == text)
                {
                    return value;
                }
            }
            return (T?)null;
        });

    /// <summary>
    /// A value that the text must be turned into; the problem says what was wanted instead of what stands there.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="wanted">What it takes, in words.</param>
    /// <param name="parse">Gives null for a text that is none.</param>
    public T? Value<T>(string key, string wanted, Func<string, T?> parse)
        where T : struct
    {
        if (Node<YamlScalar>(key, wanted) is not { } scalar || Expand(scalar) is not { } text)
        {
            return null;
        }
        var value = parse(text);
        if (value is null)
        {
            problems.Add(scalar.Place, $"'{key}' takes {wanted}, not {Quoted.Value(scalar)}");
        }
        return value;
    }

    /// <summary>A list of texts, or one text alone; none when not written.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mostItems">How many it may hold.</param>
    /// <param name="longest">The longest text.</param>
    /// <param name="isOneLine">False where one may hold tabs and several lines.</param>
    public ImmutableArray<(string Text, YamlScalar Written)> Texts(
        string key, int mostItems, int longest, bool isOneLine = true)
    {
        ImmutableArray<YamlNode> items = map.Find(key)?.Value is YamlScalar { IsNull: false } single
            ? [single] : List(key, "a list of texts")?.Items ?? [];
        if (items.Length > mostItems)
        {
            problems.Add(
                items[mostItems].Place,
                $"'{key}' holds {items.Length} entries; at most {mostItems} are allowed");
        }
        var texts = ImmutableArray.CreateBuilder<(string, YamlScalar)>();
        foreach (var item in items.Take(mostItems))
        {
            if (item is not YamlScalar { IsNull: false } scalar)
            {
                problems.Add(item.Place, $"'{key}' takes texts, not {ShapeOf(item)}");
            }
            else if (Text(scalar, key, longest, isOneLine) is { } text)
            {
                texts.Add((text, scalar));
            }
        }
        return texts.ToImmutable();
    }

    /// <summary>The text with its variables put in; null after a problem was noted.</summary>
    public string? Expand(YamlScalar scalar)
    {
        if (!TextSources.HasVariable(scalar.Text))
        {
            return scalar.Text;
        }
        var problem = NotPasted;
        var text = "";
        if (sources is not null)
        {
            problem = sources.Expand(scalar.Text, out text);
        }
        if (problem is null)
        {
            return text;
        }
        problems.Add(scalar.Place, problem);
        return null;
    }

    private static bool HasControls(string text, bool isOneLine) =>
        text.Any(c => char.IsControl(c) && (isOneLine || c is not ('\n' or '\r' or '\t')));

    /// <summary>What a value is, in words for messages.</summary>
    public static string ShapeOf(YamlNode node) => node switch
    {
        YamlList => "a list",
        YamlMap => "a mapping",
        YamlScalar { IsNull: true } => "nothing",
        _ => "a single value",
    };
}
