using System.Net;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Whom <c>/probe</c> measures for callers beyond loopback that have no token; default nobody.</summary>
/// <param name="Hosts">Host names, without regard to case.</param>
/// <param name="Networks">Networks that a target's IP address may lie in.</param>
internal sealed record ProbeAllowList(ValueList<string> Hosts, ValueList<IPNetwork> Networks)
{
    /// <summary>Nobody.</summary>
    public static readonly ProbeAllowList None = new([], []);

    /// <summary>True when a target may be measured.</summary>
    /// <param name="host">Its host as the caller wrote it: a name, or an IP address without brackets.</param>
    /// <remarks>A name is allowed by its name only: an address that it resolves to today says nothing.</remarks>
    public bool Allows(string host)
    {
        if (!IPAddress.TryParse(host, out var address))
        {
            return Hosts.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);
        }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(network => network.Contains(plain));
    }
}
