using System.Buffers;

namespace Sonde.Configuration;

/// <summary>Which headers and methods a check may send (RFC 9110 section 5.6.2).</summary>
internal static class RequestHeaderNames
{
    /// <summary>The longest name.</summary>
    public const int Longest = 100;

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly HashSet<string> Framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "HTTP2-Settings", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
    };

    /// <summary>True for a word of these characters.</summary>
    public static bool IsToken(string text) =>
        text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>True for the headers that say how the message is framed, which is the prober's business.</summary>
    public static bool IsFraming(string name) => Framing.Contains(name);
}
