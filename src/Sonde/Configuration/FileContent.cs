using System.Text;

namespace Sonde.Configuration;

/// <summary>A whole text file in memory, or why it could not be read.</summary>
/// <param name="Text">The text without a byte order mark; null when there is a fault.</param>
/// <param name="Fault">What is wrong, to follow the file's name; null when the text was read.</param>
internal sealed record FileContent(string? Text, string? Fault)
{
    /// <summary>The fault of a path that is not opened.</summary>
    public const string NotAFile = "is empty, or a pipe, socket or device and not a file";

    private static readonly UTF8Encoding StrictUtf8 =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// True when the path leads to a file with something in it. All else is not to be opened: a pipe may keep its
    /// reader waiting for ever.
    /// </summary>
    /// <remarks>.NET tells no pipe from a file, but only a file has a length.</remarks>
    /// <exception cref="IOException">The links lead in a circle, or nowhere.</exception>
    public static bool HasText(string path)
    {
        var file = new FileInfo(path);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return target is { Exists: true, Length: > 0 };
    }

    /// <summary>Reads a file of UTF-8 of at most so many bytes.</summary>
    public static FileContent Read(string path, int mostBytes)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return new(null, "is a directory, not a file");
            }
            if (File.Exists(path) && !HasText(path))
            {
                return new(null, NotAFile);
            }
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[mostBytes + 1];   // not the file's length: it may be growing
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > mostBytes
                ? Refuse($"is larger than {mostBytes:N0} bytes, the most that is read")
                : Decode(bytes.AsSpan(0, count));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(null, "does not exist");
        }
        catch (UnauthorizedAccessException)
        {
            return new(null, "may not be read by this user");
        }
        catch (Exception error) when (error is IOException or ArgumentException or NotSupportedException)
        {
            return new(null, "cannot be read: " + error.Message.TrimEnd('.'));
        }
    }

    private static FileContent Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return new(null, "is UTF-16; save it as UTF-8");
        }
        try
        {
            return new(StrictUtf8.GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes), null);
        }
        catch (DecoderFallbackException error)
        {
            var line = bytes[..Math.Clamp(error.Index, 0, bytes.Length)].Count((byte)'\n') + 1;
            return Refuse($"is not UTF-8: the first wrong byte is in line {line}");
        }
    }

    private static FileContent Refuse(FormattableString fault) => new(null, FormattableString.Invariant(fault));
}
