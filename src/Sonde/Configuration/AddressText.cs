using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sonde.Configuration;

/// <summary>
/// Addresses as people write them: <c>host</c>, <c>host:port</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]:443</c>.
/// </summary>
internal static class AddressText
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>Takes an address apart.</summary>
    /// <param name="text">The address.</param>
    /// <param name="host">A host name, or an IP address as RFC 5952 writes it; empty when it is no address.</param>
    /// <param name="port">The port, 1 to 65,535; null when there is none.</param>
    /// <returns>Null when it is an address; else what is wrong with it, to follow the quoted text.</returns>
    public static string? Parse(string text, out string host, out int? port)
    {
        host = "";
        port = null;
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return "is a URL; icmp and tcp checks take host or host:port";
        }
        if (!TrySplit(text, out var name, out var portText))
        {
            return "lacks the ] of its IPv6 address, or text follows it that is no port";
        }
        if (portText is not null)
        {
            if (!TryParsePort(portText, out var number))
            {
                return "has a port that is not 1 to 65535";
            }
            port = number;
        }
        var isBracketed = text.StartsWith('[');
        return isBracketed || name.Contains(':', StringComparison.Ordinal)
            ? ParseIPv6(name, out host)
            : ParseNameOrIPv4(name, out host);
    }

    /// <summary>
    /// True when the text is a host name as DNS has them, 1 to 253 characters; underscores are let through.
    /// </summary>
    public static bool IsHostName(string text)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        return name.Length is > 0 and <= LongestName && name.Split('.').All(IsLabel);
    }

    /// <summary>Reads a port, 1 to 65,535, of digits only.</summary>
    public static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is > 0 and <= IPEndPoint.MaxPort;

    /// <summary>Reads an IP address, or a network as <c>10.1.0.0/16</c> whose bits behind the prefix are 0.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        if (Parse(address, out var host, out var port) is not null || port is not null
            || !IPAddress.TryParse(host, out var ip))
        {
            return false;
        }
        if (slash >= 0)
        {
            return IPNetwork.TryParse(text, out network);
        }
        network = new IPNetwork(ip, ip.GetAddressBytes().Length * 8);
        return true;
    }

    private static bool TrySplit(string text, out string name, out string? port)
    {
        (name, port) = (text, null);
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
            {
                return false;
            }
            name = text[1..end];
            port = end + 1 < text.Length ? text[(end + 2)..] : null;
            return true;
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && text.IndexOf(':', colon + 1) < 0)
        {
            name = text[..colon];
            port = text[(colon + 1)..];
        }
        return true;
    }

    private static string? ParseIPv6(string text, out string host)
    {
        var zone = text.IndexOf('%', StringComparison.Ordinal);
        var isAddress = IPAddress.TryParse(zone < 0 ? text : text[..zone], out var address)
            && address.AddressFamily == AddressFamily.InterNetworkV6
            && !text.Contains('[', StringComparison.Ordinal)
            && !text.Contains('/', StringComparison.Ordinal);
        if (!isAddress || (zone >= 0 && !IsZone(text.AsSpan(zone + 1))))
        {
            host = "";
            return "is not an IPv6 address";
        }
        host = zone < 0 ? address!.ToString() : address + text[zone..];
        return null;
    }

    private static string? ParseNameOrIPv4(string text, out string host)
    {
        host = text;
        if (text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '.'))
        {
            return IsIPv4(text) ? null : Refuse(
                out host, text.Contains('.', StringComparison.Ordinal)
                    ? "is not an IPv4 address: four numbers of 0 to 255 without leading zeros"
                    : "is not an address; to name a port write host:port without a space");
        }
        if (IsHostName(text))
        {
            return null;
        }
        return Refuse(out host, text.Any(c => !char.IsAscii(c))
            ? "is not a host name; write names with other letters in their xn-- form"
            : "is not a host name or IP address");
    }

    private static string Refuse(out string host, string reason)
    {
        host = "";
        return reason;
    }

    private static bool IsIPv4(string text) => text.Split('.') is { Length: 4 } parts
        && parts.All(part => part.Length is > 0 and <= 3 && (part.Length == 1 || part[0] != '0')
            && int.Parse(part, CultureInfo.InvariantCulture) <= 255);

    private static bool IsLabel(string label) => label.Length is > 0 and <= LongestLabel
        && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsZone(ReadOnlySpan<char> zone)
    {
        foreach (var c in zone)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }
        return zone.Length is > 0 and <= 15;   // IFNAMSIZ - 1
    }
}
