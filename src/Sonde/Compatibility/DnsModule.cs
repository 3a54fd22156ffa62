namespace Sonde.Compatibility;

/// <summary>The <c>dns</c> of a blackbox_exporter module.</summary>
internal static class DnsModule
{
    /// <summary>The record types that Sonde asks for.</summary>
    public static readonly string[] RecordTypes = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "SOA", "PTR", "SRV"];

    /// <summary>What it says of a target.</summary>
    public static YamlSection Read(ForeignMap map)
    {
        var protocol = map.Text("transport_protocol") ?? "udp";
        var isOverTls = map.Flag("dns_over_tls") == true;
        var section = new YamlSection()
            .Add("family", ProbeModules.ReadFamily(map))
            .Add("query", map.Text("query_name"))
            .Add("recordType", ReadType(map))
            .Add("transport", isOverTls ? "tls" : protocol.StartsWith("tcp", StringComparison.Ordinal) ? "tcp" : "udp")
            .Add("expectRcode", map.Texts("valid_rcodes"));
        if (map.Text("query_class") is { } other and not "IN")
        {
            map.Refuse<string>("query_class", "is IN in Sonde");
        }
        if (map.Map("validate_answer_rrs") is { } answers)
        {
            section.Add("matchAnswer", ReadAnswer(answers));
            answers.NoteRest();
        }
        return section;
    }

    private static string ReadType(ForeignMap map)
    {
        var type = (map.Text("query_type") ?? "ANY").ToUpperInvariant();
        if (Array.IndexOf(RecordTypes, type) >= 0)
        {
            return type;
        }
        map.Refuse<string>("query_type", "becomes A: Sonde asks for one of " + string.Join(' ', RecordTypes));
        return "A";
    }

    /// <summary>Sonde wants one answer that matches, which is what <c>none_matches</c> says.</summary>
    private static string? ReadAnswer(ForeignMap answers)
    {
        const string Key = "fail_if_none_matches_regexp";
        return answers.Texts(Key) switch
        {
            [] => null,
            [var only] when ForeignExpression.Convert(only) is { } expression => expression,
            _ => answers.Refuse<string>(Key, "is carried over when it is one expression that Sonde takes"),
        };
    }
}
