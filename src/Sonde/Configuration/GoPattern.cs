using System.Text;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Regular expressions as Go writes them, made into those of .NET.</summary>
/// <remarks>
/// Both know the same, but for two things of which people make use: <c>(?P&lt;name&gt;…)</c>, and classes as
/// <c>[[:alpha:]]</c>.
/// </remarks>
internal static class GoPattern
{
    private static readonly (string Go, string Net)[] Classes =
    [
        ("[:alnum:]", "a-zA-Z0-9"), ("[:alpha:]", "a-zA-Z"), ("[:blank:]", @"\t "), ("[:digit:]", "0-9"),
        ("[:lower:]", "a-z"), ("[:punct:]", @"!-/:-@\[-`{-~"), ("[:space:]", @"\t\n\v\f\r "), ("[:upper:]", "A-Z"),
        ("[:word:]", @"\w"), ("[:xdigit:]", "0-9A-Fa-f"),
    ];

    /// <summary>The expression of a key; null when not written or wrong.</summary>
    public static string? Read(Settings settings, string key) =>
        settings.Node<YamlScalar>(key, "a regular expression") is { } scalar
        && settings.Text(scalar, key, PatternText.Longest, isOneLine: false) is { } text
            ? Read(settings, scalar, text) : null;

    /// <summary>The expressions of a key that takes a list.</summary>
    public static IEnumerable<string> ReadList(Settings settings, string key) => !settings.Says(key) ? []
        : settings.Texts(key, PatternText.Most, PatternText.Longest, isOneLine: false)
            .Select(pattern => Read(settings, pattern.Written, pattern.Text))
            .OfType<string>();

    /// <summary>The same expression for .NET.</summary>
    public static string ToNet(string pattern)
    {
        var net = new StringBuilder(pattern.Length);
        var isInClass = false;
        for (var at = 0; at < pattern.Length;)
        {
            var rest = pattern.AsSpan(at);
            if (rest[0] == '\\' && rest.Length > 1)
            {
                net.Append(rest[..2]);
                at += 2;
            }
            else if (isInClass && FindClass(pattern, at) is { Go: { } go, Net: var inner })
            {
                net.Append(inner);
                at += go.Length;
            }
            else if (!isInClass && rest.StartsWith("(?P<", StringComparison.Ordinal))
            {
                net.Append("(?<");
                at += 4;
            }
            else
            {
                var opens = !isInClass && rest[0] == '[';
                var isFirst = opens && rest.Length > 1 && rest[1] is ']';   // []x] holds a bracket
                isInClass = opens || (isInClass && rest[0] != ']');
                net.Append(isFirst ? @"[\]" : rest[..1]);
                at += isFirst ? 2 : 1;
            }
        }
        return net.ToString();
    }

    private static string? Read(Settings settings, YamlScalar written, string text)
    {
        var pattern = ToNet(text);
        return PatternText.IsRight(settings, written.Place, pattern) ? pattern : null;
    }

    private static (string? Go, string Net) FindClass(string pattern, int at) => Array.Find(
        Classes, known => string.CompareOrdinal(pattern, at, known.Go, 0, known.Go.Length) == 0);
}
