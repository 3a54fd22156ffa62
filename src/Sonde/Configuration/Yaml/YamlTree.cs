using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sonde.Configuration.Yaml;

/// <summary>
/// Reads a YAML text into values that know their places. Bounded in depth, in sizes and in what aliases multiply.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>The deepest nesting that is read; a correct file needs 8.</summary>
    public const int MostLevels = 32;

    /// <summary>The longest single value.</summary>
    public const int MostCharacters = 10_000;

    /// <summary>The most values that all aliases together may stand for.</summary>
    public const int MostAliasedValues = 500_000;

    private const string MergeKey = "<<";

    private readonly Parser _events;
    private readonly ProblemList _problems;
    private readonly Dictionary<string, YamlNode?> _anchors = [];
    private readonly string _text;
    private readonly Stack<OpenBracket> _open = [];
    private int _aliasedValues;
    private Place _furthest = Place.Start;

    private YamlTree(string text, IScanner scanner, ProblemList problems)
    {
        _text = text;
        _events = new Parser(scanner);
        _problems = problems;
    }

    /// <summary>Reads the one document of a text; what is wrong with it is noted.</summary>
    /// <returns>The outermost value; null when the text is empty or cannot be read on from some place.</returns>
    public static YamlNode? Read(string text, ProblemList problems)
    {
        if (!CharacterCheck.Passes(text, problems))
        {
            return null;
        }
        var scanner = new Scanner(new StringReader(text));
        var tree = new YamlTree(text, scanner, problems);
        try
        {
            return tree.ReadDocument();
        }
        catch (RefusedException refused)
        {
            problems.Add(refused.Place, refused.Message);
        }
        catch (YamlException error)
        {
            var isEscape = error.Message.Contains("escape", StringComparison.Ordinal)
                || error.Message.Contains("hexadecimal", StringComparison.Ordinal);
            tree.NoteSyntax(error.Message, PlaceOf(isEscape ? error.End : error.Start));
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            // The scanner lets these out for some texts, among them "\UFFFFFFFF" and a block mapping within { }.
            tree.NoteSyntax(
                error is ArgumentException ? "hexadecimal" : "',' or '}'", PlaceOf(scanner.CurrentPosition));
        }
        return null;
    }

    private void NoteSyntax(string message, Place place)
    {
        var lines = new TextLines(_text);
        if (SyntaxSentences.NoteTabs(lines, _problems))
        {
            return;
        }
        OpenBracket? bracket = _open.TryPeek(out var innermost) ? innermost : null;
        if (bracket is not null && place.Line > new TextLines(_text.TrimEnd()).Count)
        {
            _problems.Add(innermost.Place, SyntaxSentences.NeverClosed(innermost.IsList));
        }
        else
        {
            _problems.Add(place, SyntaxSentences.For(message, lines[lines.Inside(place).Line], bracket?.IsList));
        }
    }

    private YamlNode? ReadDocument()
    {
        YamlNode? root = null;
        while (_events.MoveNext())
        {
            switch (_events.Current)
            {
                case DocumentStart start when root is not null:
                    throw new RefusedException(PlaceOf(start.Start), "a second document begins here; a file holds one");
                case NodeEvent or AnchorAlias:
                    root = ReadNode(level: 1);
                    break;
                default:
                    break;
            }
        }
        return root is YamlScalar { IsNull: true } ? null : root;
    }

    /// <summary>Reads the value that begins with the current event and leaves its last event current.</summary>
    private YamlNode ReadNode(int level)
    {
        if (_events.Current is not (NodeEvent or AnchorAlias))
        {
            throw new RefusedException(_furthest, "a key or value is missing behind this");   // as in "{: a}"
        }
        var place = Later(PlaceOf(_events.Current.Start), _furthest);   // a pair within [ ] is said to be at 1:1
        _furthest = Later(PlaceOf(_events.Current.End), _furthest);
        if (level > MostLevels)
        {
            throw new RefusedException(place, $"values are nested deeper than {MostLevels} levels");
        }
        if (_events.Current is AnchorAlias alias)
        {
            return ReadAlias(alias, place);
        }
        var start = (NodeEvent)_events.Current;
        RefuseTag(start, place);
        var anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;
        if (anchor is not null)
        {
            _anchors[anchor] = null;
        }
        var isInBrackets = HasBracket(start);
        if (isInBrackets)
        {
            _open.Push(new OpenBracket(place, start is SequenceStart));
        }
        YamlNode node = start switch
        {
            Scalar scalar => ReadScalar(scalar, place),
            SequenceStart => ReadList(place, level),
            _ => ReadMap(place, level),
        };
        if (isInBrackets)
        {
            _open.Pop();
        }
        if (anchor is not null)
        {
            _anchors[anchor] = node;
        }
        return node;
    }

    /// <summary>A pair within [ ] is told as a mapping, too, but has no bracket of its own.</summary>
    private bool HasBracket(NodeEvent start) => start.Start.Index < _text.Length
        && (start, _text[(int)start.Start.Index]) is (SequenceStart, '[') or (MappingStart, '{');

    private YamlNode ReadAlias(AnchorAlias alias, Place place)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw new RefusedException(
                place, "this alias (*) names no anchor (&) above it; put the value in quotes if it is a text");
        }
        if (node is null)
        {
            throw new RefusedException(place, "this alias (*) stands inside the value that it names");
        }
        Charge(node.Weight, place);
        return node;
    }

    private void Charge(int weight, Place place)
    {
        _aliasedValues = weight > MostAliasedValues ? MostAliasedValues + 1 : _aliasedValues + weight;
        if (_aliasedValues > MostAliasedValues)
        {
            throw new RefusedException(
                place, $"the aliases (*) of this file stand for more than {MostAliasedValues} values");
        }
    }

    private YamlScalar ReadScalar(Scalar scalar, Place place)
    {
        if (scalar.Value.Length <= MostCharacters)
        {
            return new YamlScalar(place, scalar.Value, scalar.Style != ScalarStyle.Plain);
        }
        _problems.Add(place, $"this value has {scalar.Value.Length} characters; at most {MostCharacters} are read");
        return new YamlScalar(place, scalar.Value[..MostCharacters], isQuoted: true);
    }

    private YamlList ReadList(Place place, int level)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        var weight = 1;
        while (_events.MoveNext() && _events.Current is not SequenceEnd)
        {
            items.Add(ReadNode(level + 1));
            weight = Sum(weight, items[^1].Weight);
        }
        return new YamlList(place, weight, items.ToImmutable());
    }

    private YamlMap ReadMap(Place place, int level)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var firstPlaces = new Dictionary<string, Place>();
        List<YamlEntry>? merged = null;
        var weight = 1;
        while (_events.MoveNext() && _events.Current is not MappingEnd)
        {
            var key = ReadNode(level + 1);
            _events.MoveNext();
            var value = ReadNode(level + 1);
            weight = Sum(weight, 1 + value.Weight);
            if (key is not YamlScalar word)
            {
                _problems.Add(key.Place, key is YamlList
                    ? "a key must be a word, not a list; put an IPv6 address in brackets in quotes: \"[::1]:443\""
                    : "a key must be a word, not a mapping");
            }
            else if (word.Text == MergeKey)
            {
                Merge(value, word.Place, merged ??= []);
            }
            else if (firstPlaces.TryAdd(word.Text, word.Place))
            {
                entries.Add(new YamlEntry(word, value));
            }
            else
            {
                _problems.Add(
                    word.Place,
                    $"{Quoted.Key(word)} is written twice here; first in line {firstPlaces[word.Text].Line}");
            }
        }
        foreach (var entry in merged ?? [])
        {
            if (firstPlaces.TryAdd(entry.Key.Text, entry.Key.Place))
            {
                entries.Add(entry);
            }
        }
        return new YamlMap(place, weight, entries.ToImmutable());
    }

    /// <summary>
    /// Takes over what <c>&lt;&lt;: *anchor</c> or <c>&lt;&lt;: [*one, *two]</c> names; earlier ones win.
    /// </summary>
    private void Merge(YamlNode value, Place place, List<YamlEntry> merged)
    {
        foreach (var source in value is YamlList list ? list.Items : [value])
        {
            if (source is YamlMap map)
            {
                merged.AddRange(map.Entries);
            }
            else
            {
                _problems.Add(place, "'<<' takes a mapping, or a list of mappings");
            }
        }
    }

    private void RefuseTag(NodeEvent start, Place place)
    {
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific
            && !start.Tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
        {
            _problems.Add(
                place,
                "tags (words that begin with !) are not used here; secrets come by ${NAME} or {file: path}");
        }
    }

    private static int Sum(int left, int right) => (int)Math.Min(int.MaxValue, (long)left + right);

    private static Place Later(Place one, Place other) => one.CompareTo(other) < 0 ? other : one;

    private static Place PlaceOf(Mark mark) =>
        new((int)Math.Clamp(mark.Line, 1, int.MaxValue), (int)Math.Clamp(mark.Column, 1, int.MaxValue));

    /// <summary>A [ or { whose end was not read yet.</summary>
    private readonly record struct OpenBracket(Place Place, bool IsList);

    /// <summary>Reading cannot go on behind this place.</summary>
    private sealed class RefusedException(Place place, string message) : Exception(message)
    {
        public Place Place => place;
    }
}
