namespace Sonde.Configuration;

/// <summary>What a file looks like from outside; when it changes, the file is worth reading again.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="WrittenAt">When its text was written.</param>
/// <param name="CreatedAt">When it was made; tells a file that was moved into place from the one before.</param>
internal readonly record struct FileStamp(long Length, DateTime WrittenAt, DateTime CreatedAt)
{
    /// <summary>The file's stamp, through all symbolic links; null when it cannot be opened.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(
                RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file), File.GetCreationTimeUtc(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
