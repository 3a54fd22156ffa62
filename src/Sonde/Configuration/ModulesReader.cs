using System.Collections.Immutable;
using System.Net;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads <c>modules</c>, which have the keys of blackbox_exporter.</summary>
/// <remarks>As there, the section of another prober than the module's own is passed over.</remarks>
internal static class ModulesReader
{
    /// <summary>The longest time that a probe may take; what a module asks for beyond is cut to it.</summary>
    public static readonly TimeSpan MostTimeout = TimeSpan.FromSeconds(60);

    private const int MostModules = 1000;
    private const int LongestName = 100;

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>The modules of the file, and Sonde's own that it does not replace.</summary>
    public static ImmutableSortedDictionary<string, ProbeModule> Read(Settings settings)
    {
        if (settings.Node<YamlMap>("modules", "a mapping of names to modules") is not { } map)
        {
            return ProbeModule.Standard;
        }
        if (map.Entries.Length > MostModules)
        {
            settings.Problems.Add(
                map.Entries[MostModules].Key.Place, $"'modules' holds more than {MostModules} modules");
        }
        var modules = ReadEach(settings.For(map));
        return ProbeModule.Standard.SetItems(modules.Select(module => KeyValuePair.Create(module.Name, module)));
    }

    /// <summary>The modules of a mapping of names to modules, without those that cannot be read.</summary>
    public static List<ProbeModule> ReadEach(Settings settings)
    {
        List<ProbeModule> modules = [];
        foreach (var (name, node) in settings.Entries.Take(MostModules))
        {
            if (name.Text.Length is 0 or > LongestName || name.Text.Any(char.IsControl))
            {
                settings.Problems.Add(name.Place, $"the name of a module takes 1 to {LongestName} characters");
            }
            else if (node is not YamlMap module)
            {
                settings.Problems.Add(
                    node.Place, $"a module is a mapping {{prober, timeout, …}}, not {Settings.ShapeOf(node)}");
            }
            else if (ReadModule(settings.For(module), name.Text) is { } read)
            {
                modules.Add(read);
            }
        }
        return modules;
    }

    private static ProbeModule? ReadModule(Settings module, string name)
    {
        module.Require("prober");
        var prober = module.Text("prober", 20);
        if (prober is not null && ModuleKeys.IsNotDone(prober))
        {
            module.Problems.Add(module.PlaceOf("prober"), $"'prober: {prober}' {ModuleKeys.Advice(prober)}");
            return null;
        }
        ModuleKeys.RefuseOthers(module, ModuleKeys.Module);
        var kind = prober is null ? null : module.Choice(
            "prober",
            ("http", CheckKind.Http), ("tcp", CheckKind.Tcp), ("dns", CheckKind.Dns), ("icmp", CheckKind.Icmp));
        if (kind is null)
        {
            return null;
        }
        var standard = new ProbeModule { Name = name, Kind = kind.Value, Timeout = ReadTimeout(module) };
        return kind switch
        {
            CheckKind.Http => ReadHttp(module.Section("http", ModuleKeys.Http), standard),
            CheckKind.Tcp => ReadTcp(module.Section("tcp", ModuleKeys.Tcp), standard),
            CheckKind.Dns => ReadDns(module.Section("dns", ModuleKeys.Dns), standard),
            _ => ReadIcmp(module.Section("icmp", ModuleKeys.Icmp), standard),
        };
    }

    private static TimeSpan? ReadTimeout(Settings module) =>
        module.Duration("timeout", TimeSpan.Zero, TimeSpan.FromDays(1)) is not { } timeout || timeout == TimeSpan.Zero
            ? null
            : timeout > MostTimeout ? MostTimeout : timeout < LeastTimeout ? LeastTimeout : timeout;

    private static ProbeModule ReadHttp(Settings http, ProbeModule module) =>
        ReadAddressing(http, module) with { Http = HttpModuleReader.Read(http) };

    private static ProbeModule ReadTcp(Settings tcp, ProbeModule module) =>
        ReadAddressing(tcp, module) with { Dialogue = TcpModuleReader.Read(tcp) };

    private static ProbeModule ReadDns(Settings dns, ProbeModule module) =>
        ReadAddressing(dns, module) with { Dns = DnsModuleReader.Read(dns) };

    /// <summary>0 is blackbox_exporter's word for nothing said.</summary>
    private static ProbeModule ReadIcmp(Settings icmp, ProbeModule module)
    {
        var size = icmp.Integer("payload_size", 0, 65_000) ?? 0;
        if (size is > 0 and < 16)
        {
            icmp.Problems.Add(
                icmp.PlaceOf("payload_size"), "'payload_size' takes 16 to 65000 bytes, or 0 for the usual");
        }
        var hops = icmp.Integer("ttl", 0, 255) ?? 0;
        return ReadAddressing(icmp, module) with
        {
            Size = size == 0 ? module.Size : size,
            TimeToLive = hops == 0 ? null : (byte)hops,
            DontFragment = icmp.Flag("dont_fragment") ?? false,
        };
    }

    private static ProbeModule ReadAddressing(Settings section, ProbeModule module)
    {
        IPAddress? source = null;
        if (section.Says("source_ip_address") && section.Text("source_ip_address", longest: 60) is { } text
            && (AddressText.Parse(text, out var host, out var port) is not null || port is not null
                || !IPAddress.TryParse(host, out source)))
        {
            section.Problems.Add(
                section.PlaceOf("source_ip_address"), $"{section.Written("source_ip_address")} is not an IP address");
        }
        return module with
        {
            Family = section.Choice(
                "preferred_ip_protocol", ("ip4", FamilyChoice.Four), ("ip6", FamilyChoice.Six)) ?? module.Family,
            FallsBack = section.Flag("ip_protocol_fallback") ?? module.FallsBack,
            Source = source,
        };
    }
}
