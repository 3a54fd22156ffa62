using System.Net;
using System.Net.Sockets;

namespace Sonde.Measurement.Http;

/// <summary>Which of a name's addresses is asked. It is one, the first of its kind; the others are not tried.</summary>
public enum HttpFamily
{
    /// <summary>The resolver's first.</summary>
    Either,

    /// <summary>The first IPv4 address.</summary>
    IPv4,

    /// <summary>The first IPv6 address.</summary>
    IPv6,

    /// <summary>The first IPv4 address, or else the first IPv6 address.</summary>
    PreferIPv4,

    /// <summary>The first IPv6 address, or else the first IPv4 address.</summary>
    PreferIPv6,
}

/// <summary>What a family means for the resolver and for its answer.</summary>
internal static class HttpFamilyChoice
{
    /// <summary>What the resolver is asked for.</summary>
    public static AddressFamily ToQuestion(this HttpFamily family) => family switch
    {
        HttpFamily.IPv4 => AddressFamily.InterNetwork,
        HttpFamily.IPv6 => AddressFamily.InterNetworkV6,
        _ => AddressFamily.Unspecified,
    };

    /// <summary>The address that is asked; null when there is none.</summary>
    public static IPAddress? Choose(this HttpFamily family, IReadOnlyList<IPAddress> addresses)
    {
        var four = addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
        var six = addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetworkV6);
        return family switch
        {
            HttpFamily.IPv4 => four,
            HttpFamily.IPv6 => six,
            HttpFamily.PreferIPv4 => four ?? six,
            HttpFamily.PreferIPv6 => six ?? four,
            _ => addresses.Count > 0 ? addresses[0] : null,
        };
    }
}
