using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Sonde.Measurement.Http;

/// <summary>The body of an answer as far as it was read.</summary>
/// <param name="Length">Its bytes, decompressed; at most the limit.</param>
/// <param name="IsTooLarge">Whether there was more than the limit.</param>
/// <param name="Hash">SHA-256 of it in hexadecimal, lower case.</param>
/// <param name="Bytes">It itself; null when it was not to be kept.</param>
internal sealed record AnswerBody(long Length, bool IsTooLarge, string Hash, byte[]? Bytes)
{
    private const int BufferSize = 16 << 10;

    /// <summary>
    /// Reads to the end or to the limit. What is read at a time is bounded, so a decompression bomb costs no more than
    /// the limit.
    /// </summary>
    /// <exception cref="IOException">The connection failed, or the answer is broken.</exception>
    /// <exception cref="InvalidDataException">What is compressed is broken.</exception>
    public static async Task<AnswerBody> ReadAsync(
        HttpContent content, HttpTarget target, CancellationToken cancellationToken)
    {
        await using var raw = await content.ReadAsStreamAsync(cancellationToken);
        await using var stream = target.Decompresses ? Decompress(raw, content) : raw;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var kept = target.Expectations.NeedsBody ? new MemoryStream() : null;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = 0L;
            while (true)
            {
                var count = await stream.ReadAsync(buffer, cancellationToken);
                var wanted = (int)Math.Min(count, target.BodyLimit - length);
                length += wanted;
                hash.AppendData(buffer, 0, wanted);
                kept?.Write(buffer, 0, wanted);
                if (count == 0 || wanted < count)
                {
                    var text = Convert.ToHexStringLower(hash.GetHashAndReset());
                    return new AnswerBody(length, count > 0, text, kept?.ToArray());
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The body as text, by the character set that the answer names; else UTF-8.</summary>
    public string ReadText(HttpContent content)
    {
        var encoding = Encoding.UTF8;
        try
        {
            var name = content.Headers.ContentType?.CharSet?.Trim('"');
            encoding = string.IsNullOrEmpty(name) ? encoding : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            // a character set that this platform does not have
        }
        return encoding.GetString(Bytes ?? []);
    }

    private static Stream Decompress(Stream raw, HttpContent content) =>
        content.Headers.ContentEncoding.Count != 1 ? raw : content.Headers.ContentEncoding.First() switch
        {
            "gzip" or "x-gzip" => new GZipStream(raw, CompressionMode.Decompress),
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            "deflate" => new ZLibStream(raw, CompressionMode.Decompress),
            _ => raw,
        };
}
