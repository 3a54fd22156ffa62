using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Sonde.Targets;

namespace Sonde.Cli;

/// <summary>
/// What <c>sonde run --demo</c> measures: this machine, its router, and well-known resolvers that answer everybody.
/// </summary>
internal static class DemoChecks
{
    private const string RouteTable = "/proc/net/route";
    private const int GatewayFlag = 2;

    /// <summary>The checks; the router is among them when the machine has one.</summary>
    public static ImmutableArray<Check> Make()
    {
        var router = FindRouter() is { } address ? [Icmp("Router", address, "at home")] : Array.Empty<Check>();
        return
        [
            Icmp("This machine", "127.0.0.1", "at home"),
            .. router,
            Icmp("Cloudflare DNS", "1.1.1.1", "internet"),
            Icmp("Google DNS", "8.8.8.8", "internet"),
            Icmp("Quad9 DNS", "9.9.9.9", "internet"),
            Icmp("Cloudflare DNS over IPv6", "2606:4700:4700::1111", "internet"),
            Tcp("Cloudflare DNS by TLS", "1.1.1.1", 853, "internet"),
            Tcp("Quad9 DNS by TLS", "9.9.9.9", 853, "internet"),
        ];
    }

    private static Check Icmp(string name, string host, string region) => new()
    {
        Id = CheckId.FromName(CheckKind.Icmp, name),
        Name = name,
        Kind = CheckKind.Icmp,
        Host = host,
        Region = region,
    };

    private static Check Tcp(string name, string host, int port, string region) => new()
    {
        Id = CheckId.FromName(CheckKind.Tcp, name),
        Name = name,
        Kind = CheckKind.Tcp,
        Host = host,
        Port = port,
        Region = region,
        Interval = TimeSpan.FromSeconds(5),
    };

    /// <summary>
    /// The default gateway of IPv4: in proc(5)'s route table, destination 0 with a gateway, in hexadecimal and host
    /// order.
    /// </summary>
    private static string? FindRouter()
    {
        if (!File.Exists(RouteTable))
        {
            return null;
        }
        var routes = File.ReadLines(RouteTable).Skip(1).Select(line => line.Split('\t', StringSplitOptions.TrimEntries));
        var route = routes.FirstOrDefault(
            columns => columns.Length > 3 && columns[1] == "00000000"
                && (int.Parse(columns[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & GatewayFlag) != 0);
        return route is null ? null : new IPAddress(uint.Parse(route[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString();
    }
}
