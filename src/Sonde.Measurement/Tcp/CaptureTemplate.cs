using System.Text;
using System.Text.RegularExpressions;

namespace Sonde.Measurement.Tcp;

/// <summary>
/// Fills a text with what the groups of a pattern matched: <c>$1</c>, <c>${1}</c> and <c>${name}</c> stand for a group,
/// <c>$$</c> for the sign itself.
/// </summary>
/// <remarks>
/// A name without braces is as long as letters, digits and <c>_</c> go on: <c>$1x</c> means the group 1x, which there
/// is none of. A group that there is none of, or that matched nothing, is empty; a sign that begins none of these
/// stands for itself.
/// </remarks>
internal static partial class CaptureTemplate
{
    /// <summary>The text with the groups in their places, at most <paramref name="longest"/> characters of it.</summary>
    public static string Fill(string template, Match match, int longest)
    {
        StringBuilder filled = new();
        var rest = 0;
        foreach (Match place in Place().Matches(template))
        {
            filled.Append(template.AsSpan(rest, place.Index - rest));
            rest = place.Index + place.Length;
            var name = place.Groups["name"];
            filled.Append(name.Success ? match.Groups[name.Value].ValueSpan : "$");
        }
        filled.Append(template.AsSpan(rest));
        return filled.Length <= longest ? filled.ToString() : filled.ToString(0, longest);
    }

    [GeneratedRegex(@"\$(?:\$|(?<name>\w+)|\{(?<name>\w+)\})", RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
