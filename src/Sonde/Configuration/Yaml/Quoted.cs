namespace Sonde.Configuration.Yaml;

/// <summary>
/// Texts of the file as messages repeat them: as written (variables not put in), shortened, on one line.
/// </summary>
internal static class Quoted
{
    private const int MostShown = 60;

    /// <summary>A value that is no secret.</summary>
    public static string Value(YamlScalar value) => Text(value.Text);

    /// <summary>
    /// A key. What follows a ':' in it is left out: a forgotten space may have made a secret part of it.
    /// </summary>
    public static string Key(YamlScalar key) => $"'{BareKey(key)}'";

    /// <summary>The same without quotes around it.</summary>
    public static string BareKey(YamlScalar key)
    {
        var colon = key.Text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? Shorten(key.Text) : Shorten(key.Text[..(colon + 1)]) + "…";
    }

    /// <summary>A text that is no secret.</summary>
    public static string Text(string text) => $"'{Shorten(text)}'";

    private static string Shorten(string text)
    {
        var oneLine = string.Concat(
            text.Take(MostShown).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '·' : c));
        return text.Length > MostShown ? oneLine + "…" : oneLine;
    }
}
