using System.Net;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads whom <c>/probe</c> may measure for anybody.</summary>
internal static class ProbeAllowReader
{
    private const int MostAllowed = 1000;

    /// <summary>What <c>probe</c> says; nobody is allowed when it says nothing.</summary>
    public static ProbeAllowList Read(Settings settings)
    {
        if (settings.Node<YamlMap>("probe", "{allow: [host names, IP addresses and networks]}") is not { } map)
        {
            return ProbeAllowList.None;
        }
        var probe = settings.For(map);
        probe.RefuseUnknown(KnownKeys.Probe);
        var hosts = new List<string>();
        var networks = new List<IPNetwork>();
        foreach (var (text, written) in probe.Texts("allow", MostAllowed, longest: 253))
        {
            if (AddressText.TryParseNetwork(text, out var network))
            {
                networks.Add(network);
            }
            else if (AddressText.Parse(text, out var host, out var port) is null && port is null)
            {
                hosts.Add(host.TrimEnd('.'));
            }
            else
            {
                probe.Problems.Add(written.Place, $"{Quoted.Value(written)} is not a host name without a port, nor an "
                    + "IP address, nor a network as 10.1.0.0/16 whose bits behind the prefix are 0");
            }
        }
        return new ProbeAllowList([.. hosts], [.. networks]);
    }
}
