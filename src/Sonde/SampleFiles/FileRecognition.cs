namespace Sonde.SampleFiles;

/// <summary>Tells by a file's first bytes that it is no text, and what to do about it.</summary>
internal static class FileRecognition
{
    private static readonly (byte[] Start, string What)[] Others =
    [
        ([0x1F, 0x8B], "compressed: import what 'gunzip -c FILE | sonde import -' gives"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed: import what 'zstd -dc FILE | sonde import -' gives"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed: import what 'xz -dc FILE | sonde import -' gives"),
        ([0x42, 0x5A, 0x68], "compressed: import what 'bunzip2 -c FILE | sonde import -' gives"),
        ([0x50, 0x4B, 0x03, 0x04], "an archive or a spreadsheet: save it as CSV"),
        ([0xFF, 0xFE], "UTF-16: import what 'iconv -f utf-16 -t utf-8 FILE | sonde import -' gives"),
        ([0xFE, 0xFF], "UTF-16: import what 'iconv -f utf-16 -t utf-8 FILE | sonde import -' gives"),
        ("SQLite format 3"u8.ToArray(), "a database: import what 'sqlite3 -header -csv FILE \"SELECT …\"' gives"),
    ];

    /// <summary>What the file is instead of text, in words that go on after its name and "is"; null = text.</summary>
    /// <param name="start">Its first bytes.</param>
    public static string? FindOther(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
        {
            return "empty";
        }
        foreach (var (bytes, what) in Others)
        {
            if (start.StartsWith(bytes))
            {
                return what;
            }
        }
        return null;
    }
}
