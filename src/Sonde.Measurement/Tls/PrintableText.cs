using System.Globalization;
using System.Text;

namespace Sonde.Measurement.Tls;

/// <summary>Text that a stranger sent, made fit to stand in a sentence.</summary>
internal static class PrintableText
{
    /// <summary>
    /// At most <paramref name="limit"/> characters of <paramref name="text"/>; what does not print is written as an
    /// escape.
    /// </summary>
    public static string Quote(string text, int limit)
    {
        StringBuilder quoted = new("\"", limit + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (limit-- == 0)
            {
                quoted.Append('…');
                break;
            }
            AppendRune(quoted, rune);
        }
        return quoted.Append('"').ToString();
    }

    private static void AppendRune(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '\t':
                quoted.Append(@"\t");
                break;
            case '\r':
                quoted.Append(@"\r");
                break;
            case '\n':
                quoted.Append(@"\n");
                break;
            case '"' or '\\':
                quoted.Append('\\').Append((char)rune.Value);
                break;
            default:
                if (IsPrintable(rune))
                {
                    quoted.Append(rune.ToString());
                }
                else
                {
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
                }
                break;
        }
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
