using System.Globalization;

namespace Sonde.Samples;

/// <summary>
/// A file of the spool; its name says what it holds: <c>NUMBER-SAMPLES-FIRST-LAST.spool</c>, times in milliseconds UTC.
/// </summary>
internal sealed record SpoolSegment(long Number, long Count, long FirstMilliseconds, long LastMilliseconds, long Bytes)
{
    /// <summary>The end of the name of each segment.</summary>
    public const string Extension = ".spool";

    /// <summary>The file's name.</summary>
    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{Number:D10}-{Count}-{FirstMilliseconds}-{LastMilliseconds}{Extension}");

    /// <summary>Reads a name; null when the file is none of ours.</summary>
    public static SpoolSegment? FromFile(FileInfo file)
    {
        var parts = Path.GetFileNameWithoutExtension(file.Name).Split('-');
        return parts.Length == 4 && file.Extension == Extension &&
            TryParse(parts[0], out var number) && TryParse(parts[1], out var count) &&
            TryParse(parts[2], out var first) && TryParse(parts[3], out var last)
            ? new SpoolSegment(number, count, first, last, file.Length)
            : null;
    }

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
