using System.Text;

namespace Sonde.SampleFiles;

/// <summary>What stands in a file, for a message: short, and without what a terminal would obey.</summary>
internal static class ShownText
{
    private const int Longest = 40;

    /// <summary>The text in quotes: its first 40 characters, a question mark for each that does not print.</summary>
    public static string Of(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, Longest * 4)]);
        var isCut = shown.Length > Longest || text.Length > Longest * 4;
        return $"'{Plain(shown[..Math.Min(shown.Length, Longest)])}{(isCut ? "…" : "")}'";
    }

    /// <summary>The text with a question mark for each character that does not print.</summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c));
}
