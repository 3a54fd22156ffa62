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
    private const int GatewayFlag = 2;

    /// <summary>The checks; the router is among them when the machine has one.</summary>
    /// <param name="routeTable">The kernel's IPv4 routes, see proc(5); one that is not there names no router.</param>
    public static ImmutableArray<Check> Make(string routeTable = "/proc/net/route")
    {
        Check[] router = FindRouter(routeTable) is { } address ? [Icmp("Router", address, "at home")] : [];
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
        Group = region == "at home" ? "At home" : "Internet",
        Region = region,
    };

    private static Check Tcp(string name, string host, int port, string region) => new()
    {
        Id = CheckId.FromName(CheckKind.Tcp, name),
        Name = name,
        Kind = CheckKind.Tcp,
        Host = host,
        Port = port,
        Group = region == "at home" ? "At home" : "Internet",
        Region = region,
        Interval = TimeSpan.FromSeconds(5),
    };

    /// <summary>
    /// The default gateway of IPv4: the route of destination 0 with a gateway, both in hexadecimal and host order.
    /// </summary>
    private static string? FindRouter(string routeTable)
    {
        if (!File.Exists(routeTable))
        {
            return null;
        }
        var routes = File.ReadLines(routeTable).Skip(1);
        var route = routes.Select(line => line.Split('\t', StringSplitOptions.TrimEntries)).FirstOrDefault(columns =>
            columns.Length > 3 && columns[1] == "00000000" && (ReadHex(columns[3]) & GatewayFlag) != 0);
        return route is null ? null : new IPAddress(ReadHex(route[2])).ToString();
    }

    private static uint ReadHex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
