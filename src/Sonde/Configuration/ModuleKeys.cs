using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>
/// The keys of blackbox_exporter's modules: those that Sonde understands, and those that it does nothing with.
/// </summary>
internal static class ModuleKeys
{
    /// <summary>A module.</summary>
    public static readonly string[] Module = ["prober", "timeout", "http", "tcp", "dns", "icmp"];

    /// <summary>What <c>tcp</c>, <c>http</c>, <c>dns</c> and <c>icmp</c> have in common.</summary>
    public static readonly string[] Any = ["preferred_ip_protocol", "ip_protocol_fallback", "source_ip_address"];

    /// <summary>The <c>icmp</c> of a module.</summary>
    public static readonly string[] Icmp = [.. Any, "dont_fragment", "payload_size", "ttl"];

    /// <summary>The <c>tcp</c> of a module.</summary>
    public static readonly string[] Tcp = [.. Any, "query_response", "tls", "tls_config"];

    /// <summary>A step of <c>query_response</c>.</summary>
    public static readonly string[] Step = ["expect", "labels", "send", "starttls"];

    /// <summary>A label of a step.</summary>
    public static readonly string[] Label = ["name", "value"];

    /// <summary>The <c>http</c> of a module.</summary>
    public static readonly string[] Http =
    [
        .. Any, "valid_status_codes", "valid_http_versions", "method", "headers", "http_headers", "body_size_limit",
        "compression", "follow_redirects", "no_follow_redirects", "fail_if_ssl", "fail_if_not_ssl",
        "fail_if_body_matches_regexp", "fail_if_body_not_matches_regexp", "fail_if_header_matches",
        "fail_if_header_not_matches", "tls_config", "basic_auth", "authorization", "bearer_token", "bearer_token_file",
        "proxy_url", "skip_resolve_phase_with_proxy", "enable_http2", "enable_http3", "body", "body_file",
    ];

    /// <summary>An entry of <c>http_headers</c>.</summary>
    public static readonly string[] HeaderValues = ["values", "secrets", "files"];

    /// <summary>An entry of <c>fail_if_header_matches</c> and of its contrary.</summary>
    public static readonly string[] HeaderMatch = ["header", "regexp", "allow_missing"];

    /// <summary>The <c>basic_auth</c> of a module.</summary>
    public static readonly string[] BasicAuth = ["username", "username_file", "password", "password_file"];

    /// <summary>The <c>authorization</c> of a module.</summary>
    public static readonly string[] Authorization = ["type", "credentials", "credentials_file"];

    /// <summary>The <c>dns</c> of a module.</summary>
    public static readonly string[] Dns =
    [
        .. Any, "transport_protocol", "dns_over_tls", "query_name", "query_type", "query_class", "recursion_desired",
        "valid_rcodes", "validate_answer_rrs", "validate_authority_rrs", "validate_additional_rrs", "tls_config",
    ];

    /// <summary>What the records of a section are held to.</summary>
    public static readonly string[] Records =
    [
        "fail_if_matches_regexp", "fail_if_all_match_regexp", "fail_if_not_matches_regexp",
        "fail_if_none_matches_regexp",
    ];

    /// <summary>The <c>tls_config</c> of a module.</summary>
    public static readonly string[] Tls =
        ["insecure_skip_verify", "ca_file", "cert_file", "key_file", "server_name", "min_version", "max_version"];

    private static readonly Dictionary<string, string> NotDone = new()
    {
        ["grpc"] = "take the module out, or leave it with blackbox_exporter",
        ["unix"] = "take the module out, or leave it with blackbox_exporter",
        ["websocket"] = "take the module out, or leave it with blackbox_exporter",
        ["oauth2"] = "give the target a token by 'bearer_token' or 'authorization'",
        ["fail_if_body_json_matches_cel"] = "write what the body must not match under 'fail_if_body_matches_regexp'",
        ["fail_if_body_json_not_matches_cel"] =
            "write what the body must match under 'fail_if_body_not_matches_regexp'",
        ["expect_bytes"] = "write it as a regular expression under 'expect'",
        ["no_proxy"] = "make a second module without 'proxy_url' for these targets",
        ["proxy_from_environment"] = "name the proxy under 'proxy_url'",
        ["proxy_connect_header"] = "use a proxy that asks for no header",
    };

    /// <summary>True for a word of blackbox_exporter that Sonde has nothing for.</summary>
    public static bool IsNotDone(string word) => NotDone.ContainsKey(word);

    /// <summary>What to say of such a word, to follow the quoted word.</summary>
    public static string Advice(string word) => $"is not done by Sonde: {NotDone[word]}";

    /// <summary>Notes the keys that may not stand here, and those that Sonde has nothing for.</summary>
    public static void RefuseOthers(Settings settings, string[] known)
    {
        foreach (var key in settings.Entries.Select(entry => entry.Key))
        {
            if (Array.IndexOf(known, key.Text) < 0)
            {
                settings.Problems.Add(key.Place, () => IsNotDone(key.Text)
                    ? $"{Quoted.Key(key)} {Advice(key.Text)}"
                    : KnownKeys.Explain(key, known));
            }
        }
    }

    /// <summary>True when the key says something: an empty list says as little as none.</summary>
    public static bool Says(this Settings settings, string key) => settings.Has(key)
        && settings.Entries.First(entry => entry.Key.Text == key).Value
            is not (YamlList { Items: [] } or YamlMap { Entries: [] } or YamlScalar { IsNull: true });

    /// <summary>The mapping of a key; one without entries when it says nothing.</summary>
    public static Settings Section(this Settings settings, string key, string[] known)
    {
        var map = settings.Says(key) ? settings.Node<YamlMap>(key, "a mapping") : null;
        var section = settings.For(map ?? new YamlMap(settings.PlaceOf(key), weight: 1, []));
        RefuseOthers(section, known);
        return section;
    }

    /// <summary>The mappings in a list; each other entry is noted.</summary>
    public static IEnumerable<Settings> Sections(this Settings settings, string key, string[] known, int most)
    {
        var items = settings.Says(key) ? settings.List(key, "a list of mappings")?.Items ?? [] : [];
        if (items.Length > most)
        {
            settings.Problems.Add(items[most].Place, $"'{key}' holds more than {most} entries");
        }
        foreach (var item in items.Take(most))
        {
            if (item is not YamlMap map)
            {
                settings.Problems.Add(item.Place, $"'{key}' takes mappings, not {Settings.ShapeOf(item)}");
                continue;
            }
            var section = settings.For(map);
            RefuseOthers(section, known);
            yield return section;
        }
    }
}
