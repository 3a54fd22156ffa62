using System.Globalization;
using System.Text.RegularExpressions;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads what must come back to an HTTP check.</summary>
internal static partial class HttpExpectationsReader
{
    private const int MostStatuses = 50;
    private const int LongestPath = 500;

    /// <summary>What this place expects; where it says nothing, what is expected around it.</summary>
    public static HttpSettings Read(Settings settings, HttpSettings outer)
    {
        var (least, most) = ReadSize(settings);
        return outer with
        {
            Statuses = ReadStatuses(settings) ?? outer.Statuses,
            BodyPatterns =
            [
                .. ReadBody(settings, "expectBody", mustMatch: true, outer),
                .. ReadBody(settings, "rejectBody", mustMatch: false, outer),
            ],
            HeaderPatterns =
            [
                .. ReadHeaders(settings, "expectHeader", mustMatch: true, outer),
                .. ReadHeaders(settings, "rejectHeader", mustMatch: false, outer),
            ],
            JsonValues = ReadJson(settings) ?? outer.JsonValues,
            MinimumSize = settings.Has("expectSize") ? least : outer.MinimumSize,
            MaximumSize = settings.Has("expectSize") ? most : outer.MaximumSize,
        };
    }

    private static ValueList<StatusRange>? ReadStatuses(Settings settings)
    {
        if (!settings.Has("expectStatus"))
        {
            return null;
        }
        var statuses = new List<StatusRange>();
        foreach (var (text, written) in settings.Texts("expectStatus", MostStatuses, longest: 7))
        {
            if (ParseStatus(text) is { } range)
            {
                statuses.Add(range);
            }
            else
            {
                settings.Problems.Add(
                    written.Place,
                    $"'expectStatus' takes 200, 2xx or 200-204 (100 to 999), not {Quoted.Value(written)}");
            }
        }
        return [.. statuses];
    }

    private static StatusRange? ParseStatus(string text)
    {
        var match = Status().Match(text);
        if (!match.Success)
        {
            return null;
        }
        if (match.Groups["class"].Success)
        {
            var first = (text[0] - '0') * 100;
            return new StatusRange(first, first + 99);
        }
        var low = Number(match.Groups["first"].Value);
        var high = match.Groups["last"].Success ? Number(match.Groups["last"].Value) : low;
        return high < low ? null : new StatusRange(low, high);
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static IEnumerable<BodyPattern> ReadBody(
        Settings settings, string key, bool mustMatch, HttpSettings outer) =>
        PatternText.ReadList(settings, key)?.Select(pattern => new BodyPattern(pattern, mustMatch))
        ?? outer.BodyPatterns.Where(pattern => pattern.MustMatch == mustMatch);

    /// <summary>A header that must match must be there; one that must not match may be missing.</summary>
    private static IEnumerable<HeaderPattern> ReadHeaders(
        Settings settings, string key, bool mustMatch, HttpSettings outer)
    {
        if (settings.Node<YamlMap>(key, "a mapping of headers to regular expressions") is not { } map)
        {
            return outer.HeaderPatterns.Where(pattern => pattern.MustMatch == mustMatch);
        }
        var patterns = new List<HeaderPattern>();
        var headers = settings.For(map);
        foreach (var name in map.Entries.Select(entry => entry.Key))
        {
            if (!RequestHeaderNames.IsToken(name.Text))
            {
                settings.Problems.Add(name.Place, $"{Quoted.Key(name)} is no header");
            }
            else if (PatternText.Read(headers, name.Text) is { } pattern)
            {
                patterns.Add(new HeaderPattern(name.Text, pattern, mustMatch, AllowsMissing: !mustMatch));
            }
        }
        if (patterns.Count > PatternText.Most)
        {
            settings.Problems.Add(map.Place, $"'{key}' takes at most {PatternText.Most} headers");
        }
        return patterns;
    }

    private static ValueList<JsonValue>? ReadJson(Settings settings)
    {
        if (settings.Node<YamlMap>("expectJson", "a mapping of paths to values, as {\"$.state\": up}") is not { } map)
        {
            return null;
        }
        if (map.Entries.Length > PatternText.Most)
        {
            settings.Problems.Add(map.Place, $"'expectJson' takes at most {PatternText.Most} paths");
        }
        var values = new List<JsonValue>();
        foreach (var (path, node) in map.Entries.Take(PatternText.Most))
        {
            if (path.Text.Length > LongestPath || !JsonPath().IsMatch(path.Text))
            {
                settings.Problems.Add(
                    path.Place,
                    $"{Quoted.Key(path)} is no path into JSON: $ and then any number of .name, ['name'] and [0]");
            }
            else if (node is not YamlScalar scalar)
            {
                settings.Problems.Add(
                    node.Place, $"'expectJson' takes a text or number, not {Settings.ShapeOf(node)}");
            }
            else if (scalar.IsNull)
            {
                values.Add(new JsonValue(path.Text, "null"));
            }
            else if (settings.Text(scalar, "expectJson", LongestPath) is { } value)
            {
                values.Add(new JsonValue(path.Text, value));
            }
        }
        return [.. values];
    }

    private static (long? Least, long? Most) ReadSize(Settings settings)
    {
        if (settings.Node<YamlMap>("expectSize", "{min, max}") is not { } map)
        {
            return (null, null);
        }
        var size = settings.For(map);
        size.RefuseUnknown(KnownKeys.ExpectSize);
        var least = SizeText.Read(size, "min", 0, HttpReader.MostBodyBytes);
        var most = SizeText.Read(size, "max", 0, HttpReader.MostBodyBytes);
        if (least > most)
        {
            settings.Problems.Add(size.PlaceOf("max"), "'max' is less than 'min'");
        }
        return (least, most);
    }

    [GeneratedRegex(
        @"^(?:(?<class>[1-9])xx|(?<first>[1-9][0-9][0-9])(?:-(?<last>[1-9][0-9][0-9]))?)\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Status();

    [GeneratedRegex(
        @"^\$(?:\.[\p{L}\p{Nd}_-]+|\['[^']*'\]|\[[0-9]{1,9}\])*\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex JsonPath();
}
