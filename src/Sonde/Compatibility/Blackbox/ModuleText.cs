using System.Globalization;
using System.Text;
using Sonde.Configuration;
using Sonde.Targets;

namespace Sonde.Compatibility.Blackbox;

/// <summary>
/// A module as people read it. What may be secret is left out: values of headers, bodies, lines, keys.
/// </summary>
internal static class ModuleText
{
    private const string Hidden = "(hidden)";

    /// <summary>A line for each setting that is in force.</summary>
    public static string Write(ProbeModule module)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Describe(module).Where(line => line.Value is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {key}: {value}\n");
        }
        return text.ToString();
    }

    private static IEnumerable<(string Key, object? Value)> Describe(ProbeModule module) =>
    [
        ("prober", module.Kind.ToWord()),
        ("timeout", module.Timeout is { } timeout ? $"{timeout.TotalSeconds}s" : null),
        ("preferred_ip_protocol", module.Family == FamilyChoice.Four ? "ip4" : "ip6"),
        ("ip_protocol_fallback", Word(module.FallsBack)),
        .. module switch
        {
            { Http: { } http } => DescribeHttp(http),
            { Dns: { } dns } => DescribeDns(dns),
            { Dialogue: { } dialogue } => DescribeDialogue(dialogue),
            { Kind: CheckKind.Icmp } => DescribeIcmp(module),
            _ => [],
        },
    ];

    private static IEnumerable<(string Key, object? Value)> DescribeIcmp(ProbeModule module) =>
    [
        ("payload_size", module.Size), ("ttl", module.TimeToLive), ("dont_fragment", Word(module.DontFragment)),
    ];

    private static IEnumerable<(string Key, object? Value)> DescribeHttp(HttpSettings http) =>
    [
        ("method", http.Method),
        .. http.Headers.Select(header => ($"header {header.Name}", (object?)Hidden)),
        ("authorization", http.Authorization is null ? null : Hidden),
        ("body", http.Body is null ? null : Hidden),
        ("proxy_url", http.Proxy is null ? null : Hidden),
        ("follow_redirects", Word(http.Redirects > 0)),
        ("valid_status_codes", Join(http.Statuses.Select(Describe))),
        ("valid_http_versions", Join(http.Versions)),
        .. http.BodyPatterns.Select(one => (
            one.MustMatch ? "fail_if_body_not_matches_regexp" : "fail_if_body_matches_regexp", (object?)one.Pattern)),
        .. http.HeaderPatterns.Select(one => (
            one.MustMatch ? "fail_if_header_not_matches" : "fail_if_header_matches",
            (object?)$"{one.Header}: {one.Pattern}")),
        ("fail_if_ssl", http.MustUseTls == false ? "true" : null),
        ("fail_if_not_ssl", http.MustUseTls == true ? "true" : null),
        ("body_size_limit", http.StopsAtBodyLimit ? null : http.BodyLimit),
        .. DescribeTls(http.Tls),
    ];

    private static IEnumerable<(string Key, object? Value)> DescribeDns(DnsSettings dns) =>
    [
        ("query_name", dns.Query), ("query_type", dns.RecordType), ("query_class", dns.Class),
        ("recursion_desired", Word(dns.Recursion)), ("transport", Word(dns.Transport)),
        ("valid_rcodes", Join(dns.ResponseCodes)),
        .. dns.Patterns.Select(one => ($"{Word(one.Section)} {Word(one.Rule)}", (object?)one.Pattern)),
        .. DescribeTls(dns.Tls),
    ];

    private static IEnumerable<(string Key, object? Value)> DescribeDialogue(TcpDialogue dialogue) =>
    [
        ("tls", Word(dialogue.Tls)),
        .. dialogue.Steps.SelectMany(step => new (string, object?)[]
        {
            ("expect", step.Expect), ("send", step.Send is null ? null : Hidden),
            ("starttls", step.StartTls ? "true" : null),
        }),
        .. DescribeTls(dialogue.Trust),
    ];

    private static IEnumerable<(string Key, object? Value)> DescribeTls(TlsTrust tls) =>
    [
        ("insecure_skip_verify", tls.Verify ? null : "true"), ("server_name", tls.ServerName),
        ("ca_file", tls.Authorities is null ? null : Hidden), ("cert_file", tls.Certificate is null ? null : Hidden),
        ("min_version", tls.MinimumVersion), ("max_version", tls.MaximumVersion),
    ];

    private static string Describe(StatusRange range) => string.Create(
        CultureInfo.InvariantCulture, $"{range.First}-{range.Last}");

    private static string? Join(IEnumerable<string> words) =>
        string.Join(", ", words) is { Length: > 0 } all ? all : null;

    private static string Word(bool flag) => flag ? "true" : "false";

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();
}
