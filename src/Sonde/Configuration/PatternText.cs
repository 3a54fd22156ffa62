using System.Text.RegularExpressions;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Regular expressions: each is compiled once here, so that a wrong one is told with its place.</summary>
internal static class PatternText
{
    /// <summary>The longest regular expression.</summary>
    public const int Longest = 1000;

    /// <summary>The most expressions of one key.</summary>
    public const int Most = 32;

    /// <summary>The expression of a key; null when not written or wrong.</summary>
    public static string? Read(Settings settings, string key) =>
        settings.Node<YamlScalar>(key, "a regular expression") is { } scalar
        && settings.Text(scalar, key, Longest, isOneLine: false) is { } text
        && IsRight(settings, scalar.Place, text) ? text : null;

    /// <summary>The expressions of a key that takes one or a list; null when not written.</summary>
    public static IReadOnlyList<string>? ReadList(Settings settings, string key) => !settings.Has(key) ? null
        : [.. settings.Texts(key, Most, Longest, isOneLine: false)
            .Where(pattern => IsRight(settings, pattern.Written.Place, pattern.Text))
            .Select(pattern => pattern.Text)];

    /// <summary>True when it can be used; what is wrong is noted without repeating it.</summary>
    public static bool IsRight(Settings settings, Place place, string pattern)
    {
        try
        {
            _ = new Regex(pattern, TcpDialogueStep.ExpectOptions);
            return true;
        }
        catch (RegexParseException error)
        {
            settings.Problems.Add(
                place, $"the regular expression is wrong at its character {error.Offset}: {Words(error.Error)}");
        }
        catch (NotSupportedException)
        {
            settings.Problems.Add(
                place,
                "the regular expression looks ahead, looks back, refers back or repeats too much; "
                + "these could hang a check and are not used here");
        }
        return false;
    }

    /// <summary>
    /// For example <c>unterminated bracket</c>; the exception's own message would repeat the expression.
    /// </summary>
    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select(c => char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()))
            .Trim();
}
