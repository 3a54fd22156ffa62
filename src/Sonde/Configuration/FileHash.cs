using System.Buffers;
using System.Security.Cryptography;

namespace Sonde.Configuration;

/// <summary>Tells whether a file says something else than before.</summary>
/// <remarks>
/// Only the text itself tells: a file moved into place, or a swapped link, may have the size and the time of the one
/// before. Hashing takes 1 ms for each megabyte.
/// </remarks>
internal static class FileHash
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>
    /// SHA-256 of at most so many bytes of the file, in hexadecimal; null when it cannot be read or holds nothing.
    /// </summary>
    public static string? Of(string path, int mostBytes)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            if (!FileContent.HasText(path))
            {
                return null;
            }
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            for (var done = 0; done < mostBytes;)
            {
                var count = RandomAccess.Read(file, piece.AsSpan(0, PieceBytes), done);
                if (count == 0)
                {
                    break;
                }
                hash.AppendData(piece, 0, count);
                done += count;
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
