using System.Globalization;
using System.Text;

namespace Sonde.Measurement.Http;

/// <summary>Asks a proxy for a tunnel (RFC 9110 section 9.3.6).</summary>
internal static class ProxyTunnel
{
    private const int LongestAnswer = 8192;

    /// <summary>Asks, and reads the proxy's answer.</summary>
    /// <returns>Null, or why there is no tunnel.</returns>
    public static async Task<HttpOutcome?> OpenAsync(Stream stream, Uri uri, CancellationToken cancellationToken)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        var authority = string.Create(CultureInfo.InvariantCulture, $"{host}:{uri.Port}");
        var question = Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
        var answer = new byte[LongestAnswer];
        var length = 0;
        try
        {
            await stream.WriteAsync(question, cancellationToken);
            while (!answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                var count = await stream.ReadAsync(answer.AsMemory(length), cancellationToken);   // 0 when it is full
                if (count == 0)
                {
                    return new HttpOutcome(LossReason.Closed, "the proxy gave no tunnel");
                }
                length += count;
            }
        }
        catch (IOException error) when (!cancellationToken.IsCancellationRequested)
        {
            return HttpFailure.OfStream(error);
        }
        var line = Encoding.Latin1.GetString(answer, 0, length).Split("\r\n", 2)[0].Split(' ', 3);
        var status = line.Length >= 2 && line[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            && int.TryParse(line[1], NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
        return status switch
        {
            >= 200 and < 300 => null,
            0 => new HttpOutcome(LossReason.BrokenAnswer, "the proxy does not speak HTTP"),
            _ => new HttpOutcome(LossReason.UnexpectedStatus, $"the proxy's status {line[1]}"),
        };
    }
}
