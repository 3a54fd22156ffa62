using System.Net;
using Sonde.Configuration;

namespace Sonde.Compatibility;

/// <summary>Addresses of other tools' files as sonde.yaml takes them.</summary>
internal static class ForeignAddress
{
    private const int LongestUrl = 2000;

    /// <summary>The address for a kind; null when the kind cannot measure it.</summary>
    /// <param name="kind">icmp, tcp, http or dns.</param>
    /// <param name="text">The address as the other tool has it.</param>
    /// <param name="problem">Why not, to follow the quoted text; null when there is an address.</param>
    public static string? For(string kind, string text, out string? problem)
    {
        if (kind == "http")
        {
            var url = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
            problem = Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                && url.Length <= LongestUrl && !url.Any(c => char.IsControl(c) || c == ' ')
                ? null : "is no URL of http or https";
            return problem is null ? url : null;
        }
        problem = AddressText.Parse(text, out var host, out var port) ?? (kind, port) switch
        {
            ("icmp", not null) => "has a port, and a ping has none",
            ("tcp", null) => "lacks its port",
            _ => null,
        };
        return problem is not null ? null
            : port is null ? host
            : host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
    }

    /// <summary>True when an address is of the other IP version than the <c>family</c> that holds for it.</summary>
    public static bool Contradicts(string address, string? family)
    {
        if (family is null || AddressText.Parse(address, out var host, out _) is not null
            || !IPAddress.TryParse(host, out _))
        {
            return false;
        }
        return family != (host.Contains(':', StringComparison.Ordinal) ? "6" : "4");
    }

    /// <summary>The kind that an address alone asks for.</summary>
    public static string KindOf(string address) =>
        address.StartsWith("http://", StringComparison.Ordinal)
        || address.StartsWith("https://", StringComparison.Ordinal) ? "http"
        : AddressText.Parse(address, out _, out var port) is null && port is not null ? "tcp" : "icmp";
}
