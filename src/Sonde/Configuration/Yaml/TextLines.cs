namespace Sonde.Configuration.Yaml;

/// <summary>The lines of a text, to find places in it. A line ends with LF, CR or both.</summary>
internal sealed class TextLines
{
    private readonly string _text;
    private readonly List<(int Start, int Length)> _lines = [];

    /// <summary>Finds the lines of the text.</summary>
    public TextLines(string text)
    {
        _text = text;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\n' or '\r')
            {
                _lines.Add((start, i - start));
                i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        _lines.Add((start, text.Length - start));
    }

    /// <summary>How many lines there are, at least 1; an end of line at the end of the text begins one more.</summary>
    public int Count => _lines.Count;

    /// <summary>A line without its end.</summary>
    /// <param name="number">1 to <see cref="Count"/>.</param>
    public ReadOnlySpan<char> this[int number] => _text.AsSpan(_lines[number - 1].Start, _lines[number - 1].Length);

    /// <summary>
    /// The place itself, or the nearest one inside the text; one column behind a line's end still counts.
    /// </summary>
    public Place Inside(Place place)
    {
        var line = Math.Clamp(place.Line, 1, Count);
        return new Place(line, Math.Clamp(place.Column, 1, this[line].Length + 1));
    }
}
