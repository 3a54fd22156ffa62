using System.Globalization;

namespace Sonde.Configuration.Yaml;

/// <summary>Refuses characters that a configuration has no use for and that hide what it says.</summary>
internal static class CharacterCheck
{
    /// <summary>Notes the first character that may not stand in a text.</summary>
    /// <returns>True when there is none.</returns>
    /// <remarks>
    /// A NUL would end the text for the YAML scanner, and U+0085, U+2028 and U+2029 are line ends to it only.
    /// </remarks>
    public static bool Passes(string text, ProblemList problems)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (IsRefused(text[i]))
            {
                problems.Add(PlaceOf(text, i), string.Create(
                    CultureInfo.InvariantCulture,
                    $"the invisible character U+{(int)text[i]:X4} may not stand in this file"));
                return false;
            }
        }
        return true;
    }

    private static bool IsRefused(char c) => c is not ('\t' or '\n' or '\r')
        && (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF');

    private static Place PlaceOf(string text, int index)
    {
        var before = new TextLines(text[..index]);
        return new Place(before.Count, before[before.Count].Length + 1);
    }
}
