using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>The endpoints of Gatus.</summary>
internal static class GatusFile
{
    private static readonly TimeSpan StandardInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(10);

    private static readonly YamlNode[] StartTls =
    [
        new YamlSection().Add("expect", "^220 ").Add("send", "EHLO sonde").ToMap(),
        new YamlSection().Add("expect", "^250[- ]STARTTLS").Add("send", "STARTTLS").ToMap(),
        new YamlSection().Add("expect", "^220 ").Add("starttls", true).ToMap(),
    ];

    /// <summary>Takes the endpoints over.</summary>
    public static void Import(ForeignMap file, ImportedTargets targets)
    {
        var groups = new Dictionary<string, string>();
        foreach (var endpoint in file.Maps("endpoints"))
        {
            var group = endpoint.Text("group");
            endpoint.Pass("name");
            if (endpoint.Flag("enabled") == false)
            {
                endpoint.Refuse<string>("enabled", "is false: the endpoint is left out");
                continue;
            }
            if (Read(endpoint) is not { } target)
            {
                continue;
            }
            if (!string.IsNullOrEmpty(group) && !groups.ContainsKey(group))
            {
                groups.Add(group, targets.BeginGroup(group, new YamlSection()));
            }
            targets.Add(string.IsNullOrEmpty(group) ? null : groups[group], target, endpoint.Notes);
        }
    }

    private static ImportedTarget? Read(ForeignMap endpoint)
    {
        var url = endpoint.Text("url") ?? "";
        var scheme = url[..Math.Max(0, url.IndexOf("://", StringComparison.Ordinal))];
        var dns = endpoint.Map("dns");
        var kind = dns is not null ? "dns" : scheme switch
        {
            "http" or "https" => "http",
            "tcp" or "tls" or "starttls" => "tcp",
            "icmp" => "icmp",
            _ => null,
        };
        if (kind is null)
        {
            return endpoint.Refuse<ImportedTarget>(
                "url", "is measured neither by icmp, tcp, http nor dns; the endpoint is left out");
        }
        var text = kind == "http" ? url : url[(scheme.Length == 0 ? 0 : scheme.Length + 3)..].TrimEnd('/');
        if (ForeignAddress.For(kind, text, out var problem) is not { } address)
        {
            return endpoint.Refuse<ImportedTarget>("url", problem + "; the endpoint is left out");
        }
        var settings = new YamlSection(GatusVariables.ToSonde).Add("interval", endpoint.Duration(
            "interval", CheckSettingsReader.LeastInterval, CheckSettingsReader.MostInterval) ?? StandardInterval);
        ReadClient(endpoint, kind, scheme, settings);
        if (kind == "http")
        {
            settings.Add("method", endpoint.Text("method"))
                .Add("headers", endpoint.Pairs("headers"))
                .Add("body", endpoint.Text("body"));
        }
        if (dns is not null)
        {
            settings.Add("query", dns.Text("query-name")).Add("recordType", dns.Text("query-type"));
            dns.NoteRest();
        }
        settings.Add(GatusConditions.Read(endpoint, kind));
        settings.Add(ForeignLabels.ToSettings(endpoint, "extra-labels"));
        endpoint.NoteRest();
        return new ImportedTarget(kind, endpoint.Text("name") ?? address, address, settings, endpoint.Place);
    }

    private static void ReadClient(ForeignMap endpoint, string kind, string scheme, YamlSection settings)
    {
        var client = endpoint.Map("client");
        var isInsecure = client?.Flag("insecure") == true;
        settings.Add("timeout", client?.Duration(
            "timeout", CheckSettingsReader.LeastTimeout, CheckSettingsReader.MostTimeout) ?? StandardTimeout);
        settings.Add("family", client?.Text("network") switch { "ip4" => "4", "ip6" => "6", _ => null });
        if (kind == "tcp" && scheme != "tcp")
        {
            settings.Add("tls", isInsecure ? new YamlSection().Add("verify", false) : new YamlSection());
            settings.Add("tls", isInsecure || scheme == "starttls" ? null : true);
            settings.Add("dialogue", scheme == "starttls" ? StartTls : []);
        }
        if (kind == "http")
        {
            var files = client?.Map("tls");
            settings.Add("followRedirects", client?.Flag("ignore-redirect") == true ? false : null)
                .Add("tls", new YamlSection().Add("verify", isInsecure ? false : null)
                    .Add("certificateFile", files?.Text("certificate-file"))
                    .Add("keyFile", files?.Text("private-key-file")));
            files?.NoteRest();
        }
        client?.NoteRest();
    }
}
