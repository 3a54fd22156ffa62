using System.Net;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>
/// The address of a target in all its forms: <c>host</c>, <c>host:port</c>, <c>https://host/path</c>,
/// <c>dns://resolver/name?type=AAAA</c>.
/// </summary>
/// <param name="Host">The host, or the resolver.</param>
/// <param name="Port">The port that stands in the address; null when there is none, and for a URL.</param>
internal sealed record TargetAddress(string Host, int? Port)
{
    /// <summary>The longest address.</summary>
    public const int Longest = 2000;

    private const string Separator = "://";

    /// <summary>The URL; null when it is none.</summary>
    public Uri? Url { get; private init; }

    /// <summary>What a <c>dns://</c> address asks; null for the others.</summary>
    public DnsAddress? Dns { get; private init; }

    /// <summary>Reads an address; null after a problem was noted.</summary>
    public static TargetAddress? Read(Settings settings, YamlScalar written)
    {
        if (settings.Text(written, "address", Longest) is not { } text)
        {
            return null;
        }
        if (Parse(text, out var address) is not { } problem)
        {
            return address;
        }
        settings.Problems.Add(written.Place, $"{Show(written)} {problem}");
        return null;
    }

    /// <summary>The address as messages repeat it: without what may be a password, and without its query.</summary>
    public static string Show(YamlScalar written) => Quoted.Text(WithoutSecrets(written.Text));

    /// <summary>The same without quotes, and as long as it is.</summary>
    public static string WithoutSecrets(string text)
    {
        var start = text.IndexOf(Separator, StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }
        var user = text.LastIndexOf('@');
        var shown = user < start ? text : string.Concat(text.AsSpan(0, start + 3), "…", text.AsSpan(user));
        var query = shown.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? shown : shown[..(query + 1)] + "…";
    }

    /// <summary>Takes an address apart.</summary>
    /// <returns>Null when it is one; else what is wrong with it, to follow the quoted text.</returns>
    public static string? Parse(string text, out TargetAddress? address)
    {
        address = null;
        var colon = text.IndexOf(Separator, StringComparison.Ordinal);
        if (colon >= 0)
        {
            return ParseUrl(text, text[..colon].ToLowerInvariant(), text[(colon + Separator.Length)..], out address);
        }
        var problem = AddressText.Parse(text, out var host, out var port);
        address = problem is null ? new TargetAddress(host, port) : null;
        return problem;
    }

    /// <summary>What holds for the target: these settings, and what the address itself says.</summary>
    public CheckSettings Over(CheckSettings settings) => this switch
    {
        { Url: not null } => settings with { Kind = CheckKind.Http, Port = null },
        { Dns: not null } => settings with
        {
            Kind = CheckKind.Dns,
            Port = Port,
            Dns = Dns.Over(settings.Dns ?? DnsReader.Nothing),
        },
        { Port: not null } => settings with
        {
            Kind = settings.Kind is null or CheckKind.Icmp ? CheckKind.Tcp : settings.Kind,
            Port = Port,
        },
        _ => settings,
    };

    private static string? ParseUrl(string text, string scheme, string rest, out TargetAddress? address)
    {
        address = null;
        if (scheme is not ("http" or "https" or "dns"))
        {
            return "is no address that is measured: wanted host, host:port, https://…, http://… or "
                + "dns://resolver/name";
        }
        var end = rest.IndexOfAny(['/', '?', '#']);
        var authority = end < 0 ? rest : rest[..end];
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return "holds a user name or password, which pages and logs would show: leave it out and write "
                + "'basicAuth: {username: …, password: {file: path}}'";
        }
        if (AddressText.Parse(authority, out var host, out var port) is { } problem)
        {
            return problem;
        }
        if (scheme == "dns")
        {
            var fault = DnsAddress.Parse(end < 0 ? "" : rest[end..], out var dns);
            address = new TargetAddress(host, port) { Dns = dns };
            return fault;
        }
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (IPAddress.TryParse(url.IdnHost, out _) || url.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase));
        if (!isUrl)
        {
            return "is not a URL";
        }
        address = new TargetAddress(host, null) { Url = url };
        return null;
    }
}
