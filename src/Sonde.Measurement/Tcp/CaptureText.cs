using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sonde.Measurement.Tcp;

/// <summary>
/// Puts what groups matched into a text: <c>$1</c>, <c>${1}</c>, <c>$name</c>, <c>${name}</c>; <c>$$</c> is the sign.
/// </summary>
/// <remarks>
/// The rules are those of Go's <c>Regexp.Expand</c>: a name without braces is as long as can be, and a group that is
/// not there is nothing. Where only some groups have names, .NET numbers those last.
/// </remarks>
internal static class CaptureText
{
    /// <summary>The text with the groups of <paramref name="match"/>.</summary>
    public static string Expand(string template, Match match)
    {
        StringBuilder text = new(template.Length);
        for (var at = 0; at < template.Length;)
        {
            var (value, length) = template[at] == '$' ? Read(template.AsSpan(at + 1), match) : (null, 0);
            text.Append(value ?? template.AsSpan(at, 1));
            at += 1 + length;
        }
        return text.ToString();
    }

    /// <summary>What stands for the text behind a sign, and how long that is; null when it is no group.</summary>
    private static (string? Value, int Length) Read(ReadOnlySpan<char> rest, Match match)
    {
        if (rest.StartsWith('$'))
        {
            return ("$", 1);
        }
        var hasBrace = rest.StartsWith('{');
        var start = hasBrace ? 1 : 0;
        var end = start;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] == '_'))
        {
            end++;
        }
        var isWhole = end > start && (!hasBrace || (end < rest.Length && rest[end] == '}'));
        return isWhole ? (Find(rest[start..end], match).Value, hasBrace ? end + 1 : end) : (null, 0);
    }

    private static Group Find(ReadOnlySpan<char> name, Match match) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? match.Groups[number]
            : match.Groups[name.ToString()];
}
