using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Every key that sonde.yaml knows, by the place where it may stand.</summary>
internal static class KnownKeys
{
    /// <summary>The full form's top level.</summary>
    public static readonly string[] Top =
    [
        "vantagePoint", "timezone", "listen", "token", "hosts", "basePath", "trustedProxies", "tls",
        "storage", "retention", "metrics", "telemetry", "remoteWrite", "modules", "probe", "defaults", "groups",
        "targets",
    ];

    /// <summary>The plain form's top level.</summary>
    public static readonly string[] PlainTop = ["global_settings", "targets"];

    /// <summary>The plain form's <c>global_settings</c>.</summary>
    public static readonly string[] GlobalSettings = ["probes", "interval", "port"];

    /// <summary>What an HTTP check may say beside its URL.</summary>
    public static readonly string[] Http =
    [
        "method", "headers", "body", "basicAuth", "bearerToken", "followRedirects", "httpVersion", "proxy", "bodyLimit",
        "watchContent", "expectStatus", "expectHeader", "rejectHeader", "expectBody", "rejectBody", "expectJson",
        "expectSize",
    ];

    /// <summary>What a DNS check may say beside its resolver.</summary>
    public static readonly string[] Dns =
    [
        "query", "recordType", "dnsClass", "transport", "recursion", "expectRcode", "expectAnswer", "matchAnswer",
        "rejectAnswer",
    ];

    /// <summary>What <c>defaults</c>, a group and a target may all say.</summary>
    public static readonly string[] Check =
    [
        "kind", "region", "tags", "family", "interval", "packets", "timeout", "size", "ttl", "tos", "dontFragment",
        "port", "tls", "dialogue", .. Http, .. Dns, "grace",
    ];

    /// <summary>A group.</summary>
    public static readonly string[] Group = ["name", .. Check, "targets"];

    /// <summary>A target.</summary>
    public static readonly string[] Target =
        ["name", "address", "id", .. Check, "resolvers", "token", "renamedFrom"];

    /// <summary>The <c>probe</c> of the top level.</summary>
    public static readonly string[] Probe = ["allow"];

    /// <summary>The <c>expectSize</c> of an HTTP check.</summary>
    public static readonly string[] ExpectSize = ["min", "max"];

    /// <summary>The <c>tls</c> of the top level.</summary>
    public static readonly string[] ServerTls = ["cert", "key"];

    /// <summary>The <c>metrics</c> of the top level.</summary>
    public static readonly string[] Metrics = ["histograms", "smokeping"];

    /// <summary>The <c>tls</c> of a target.</summary>
    public static readonly string[] TargetTls =
        ["serverName", "verify", "authorityFile", "certificateFile", "keyFile", "minVersion", "maxVersion"];

    /// <summary>A step of a <c>dialogue</c>.</summary>
    public static readonly string[] DialogueStep = ["expect", "send", "starttls"];

    /// <summary>A value that stands in a file of its own.</summary>
    public static readonly string[] SecretFile = ["file"];

    private static readonly (string[] Keys, string Where)[] Places =
    [
        (Target, "a target"), (Group, "a group"), (Top, "the top level of the full form"),
        (GlobalSettings, "global_settings of the plain form"), (PlainTop, "the top level of the plain form"),
        (ServerTls, "'tls' at the top level"), (Metrics, "'metrics'"), (Probe, "'probe' at the top level"),
        (TargetTls, "'tls' of a target"), (DialogueStep, "a step of a dialogue"),
        (TelemetryReader.OtlpKeys, "'otlp' of 'telemetry'"), (RemoteWriteReader.Keys, "an entry of 'remoteWrite'"),
        (RetentionReader.Keys, "'retention'"),
        (RetentionReader.LimitKeys, "'raw' or 'summaries' of 'retention'"),
        (RequestHeadersReader.BasicAuthKeys, "'basicAuth'"), (ExpectSize, "'expectSize'"),
    ];

    /// <summary>What to say of a key that may not stand among these.</summary>
    public static string Explain(YamlScalar key, string[] known)
    {
        var colon = key.Text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && Array.IndexOf(known, key.Text[..colon]) >= 0)
        {
            return $"{Quoted.Key(key)} lacks the space behind its ':'";
        }
        var nearest = NearestWord.Find(key.Text, known);
        if (nearest is not null)
        {
            return $"{Quoted.Key(key)} is not known here; did you mean '{nearest}'?";
        }
        foreach (var (keys, where) in Places)
        {
            if (Array.IndexOf(keys, key.Text) >= 0)
            {
                return $"{Quoted.Key(key)} belongs to {where}; known here: {string.Join(", ", known)}";
            }
        }
        return $"{Quoted.Key(key)} is not known here; known: {string.Join(", ", known)}";
    }
}
