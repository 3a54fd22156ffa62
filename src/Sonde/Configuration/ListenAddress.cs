using System.Globalization;
using System.Net;

namespace Sonde.Configuration;

/// <summary>Where the page listens: the <c>listen</c> of sonde.yaml and <c>--listen</c> of the command line.</summary>
internal static class ListenAddress
{
    /// <summary>The shortest token that guards the page beyond loopback.</summary>
    public const int ShortestToken = 16;

    /// <summary>What a listen address looks like, for messages.</summary>
    public const string Wanted = "wanted an IP address and a port, as 127.0.0.1:8989, [::1]:8989, localhost:8989 "
        + "or 0.0.0.0:8989 for all addresses of this machine";

    /// <summary>
    /// Reads <c>ADDR:PORT</c>; <c>localhost</c> is 127.0.0.1, port 0 lets the system choose a free one.
    /// </summary>
    public static bool TryParse(string text, out IPEndPoint listen)
    {
        listen = new IPEndPoint(IPAddress.Loopback, 0);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > IPEndPoint.MaxPort)
        {
            return false;
        }
        var address = text[..colon];
        if (address == "localhost")
        {
            listen.Port = port;
            return true;
        }
        if (AddressText.Parse(address, out var host, out var inner) is not null || inner is not null
            || address.StartsWith('[') != host.Contains(':', StringComparison.Ordinal)
            || !IPAddress.TryParse(host, out var ip))
        {
            return false;
        }
        listen = new IPEndPoint(ip, port);
        return true;
    }

    /// <summary>Why the page may not listen there with that token; null when it may.</summary>
    /// <remarks>The command line's <c>--listen</c> is held to the same rule: call this once more for it.</remarks>
    public static string? Refusal(IPEndPoint listen, string? token) =>
        token is null && !IPAddress.IsLoopback(listen.Address)
            ? $"listening on {listen} is open to other machines and needs a token: make one with "
                + "'openssl rand -hex 24 > token' and write 'token: {file: token}' into sonde.yaml"
            : null;
}
