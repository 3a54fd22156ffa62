using System.Buffers;

namespace Sonde.Measurement.Http;

/// <summary>Which headers a request may have (RFC 9110 section 5), and which may go to another origin.</summary>
internal static class HeaderRules
{
    private const int LongestName = 256;
    private const int LongestValue = 8192;

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>They say how the message is framed, which is the prober's business.</summary>
    private static readonly HashSet<string> Framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "HTTP2-Settings", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
    };

    /// <summary>They bear no secret, so that another origin may see them after a redirect.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Content-Type", "Pragma", "User-Agent",
    };

    /// <summary>Whether a header may be sent to an origin that the server named, not the configuration.</summary>
    public static bool IsHarmless(string name) => Harmless.Contains(name);

    /// <summary>True for a word of RFC 9110 section 5.6.2.</summary>
    public static bool IsToken(string text) =>
        text.Length is > 0 and <= LongestName && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Refuses what is no header's name.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void CheckName(string name)
    {
        if (!IsToken(name))
        {
            throw new ArgumentException($"'{name}' is no name of a header.", nameof(name));
        }
    }

    /// <summary>Refuses a header that cannot be sent. The value is never shown.</summary>
    /// <exception cref="ArgumentException">The name or the value is wrong.</exception>
    public static void Check(string name, string value)
    {
        CheckName(name);
        if (Framing.Contains(name))
        {
            throw new ArgumentException($"The header {name} is written by the prober.", nameof(name));
        }
        CheckValue(name, value);
    }

    /// <summary>Refuses a value that cannot be sent. It is never shown.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void CheckValue(string name, string value)
    {
        if (value.Length > LongestValue || value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new ArgumentException(
                $"The value of the header {name} has a line break or more than {LongestValue} characters.",
                nameof(value));
        }
    }
}
