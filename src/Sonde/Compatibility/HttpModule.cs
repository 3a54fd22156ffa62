using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>The <c>http</c> of a blackbox_exporter module.</summary>
internal static class HttpModule
{
    /// <summary>What it says of a target.</summary>
    public static YamlSection Read(ForeignMap map)
    {
        var credentials = ReadCredentials(map);
        return new YamlSection()
            .Add("family", ProbeModules.ReadFamily(map))
            .Add("method", map.Text("method"))
            .Add("headers", map.Pairs("headers"))
            .Add("body", map.Text("body"))
            .Add("expectStatus", map.Texts("valid_status_codes"))
            .Add("expectBody", ReadOne(map, "fail_if_body_not_matches_regexp"))
            .Add("rejectBody", ReadAny(map, "fail_if_body_matches_regexp"))
            .Add("expectHeader", ReadHeaders(map))
            .Add(credentials)
            .Add("followRedirects", FollowsRedirects(map) ? null : false)
            .Add("httpVersion", ReadVersion(map))
            .Add("tls", ReadTls(map.Map("tls_config")))
            .Add("bodyLimit", map.Text("body_size_limit"));
    }

    private static string? ReadVersion(ForeignMap map)
    {
        var isHttp2 = map.Flag("enable_http2") ?? true;
        return map.Flag("enable_http3") == true ? "3" : isHttp2 ? null : "1.1";
    }

    private static bool FollowsRedirects(ForeignMap map)
    {
        var isOldNo = map.Flag("no_follow_redirects") == true;
        return map.Flag("follow_redirects") ?? !isOldNo;
    }

    private static YamlSection ReadCredentials(ForeignMap map)
    {
        var basic = new YamlSection();
        if (map.Map("basic_auth") is { } written)
        {
            basic.Add("username", written.Text("username"))
                .Add("password", written.Text("password"))
                .Add("password", OfFile(written.Text("password_file")));
            written.NoteRest();
        }
        var token = map.Text("bearer_token");
        var tokenFile = map.Text("bearer_token_file");
        if (map.Map("authorization") is { } authorization)
        {
            if ((authorization.Text("type") ?? "Bearer") is var type && type != "Bearer")
            {
                map.Refuse<string>("authorization", "is carried over for the type Bearer only");
            }
            else
            {
                token ??= authorization.Text("credentials");
                tokenFile ??= authorization.Text("credentials_file");
                authorization.NoteRest();
            }
        }
        return new YamlSection().Add("basicAuth", basic).Add("bearerToken", token)
            .Add("bearerToken", OfFile(tokenFile));
    }

    /// <summary>A secret that a file holds.</summary>
    private static YamlSection OfFile(string? path) => new YamlSection().Add("file", path);

    /// <summary>One expression that must match; several would have to match together.</summary>
    private static string? ReadOne(ForeignMap map, string key)
    {
        var expressions = ReadExpressions(map, key);
        foreach (var further in expressions.Skip(1))
        {
            map.Notes.Add(further.Place, $"{map.Owner}: only the first of '{key}' is carried over");
        }
        return expressions.FirstOrDefault().Text;
    }

    /// <summary>One expression that matches where any of them does.</summary>
    private static string? ReadAny(ForeignMap map, string key)
    {
        var texts = ReadExpressions(map, key).Select(expression => expression.Text).ToList();
        return texts.Count <= 1 ? texts.FirstOrDefault() : string.Join('|', texts.Select(text => $"(?:{text})"));
    }

    private static List<(string Text, Place Place)> ReadExpressions(ForeignMap map, string key)
    {
        var converted = new List<(string, Place)>();
        foreach (var written in map.Items(key).OfType<YamlScalar>())
        {
            if (ForeignExpression.Convert(written.Text) is { } text)
            {
                converted.Add((text, written.Place));
            }
            else
            {
                map.Notes.Add(written.Place, $"{map.Owner}: an expression of '{key}' is none that Sonde takes");
            }
        }
        return converted;
    }

    private static YamlSection ReadHeaders(ForeignMap map)
    {
        var section = new YamlSection();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in map.Maps("fail_if_header_not_matches"))
        {
            var expression = ForeignExpression.Convert(header.Text("regexp") ?? "");
            if (header.Text("header") is not { Length: > 0 } name || expression is null || !names.Add(name)
                || header.Flag("allow_missing") == true)
            {
                header.Notes.Add(header.Place, $"{map.Owner}: this expectation of a header is not carried over");
            }
            else
            {
                section.Add(name, expression);
            }
        }
        return section;
    }

    private static YamlSection ReadTls(ForeignMap? tls)
    {
        var section = new YamlSection();
        if (tls is null)
        {
            return section;
        }
        section.Add("verify", tls.Flag("insecure_skip_verify") == true ? false : null)
            .Add("serverName", tls.Text("server_name"))
            .Add("authorityFile", tls.Text("ca_file"))
            .Add("certificateFile", tls.Text("cert_file"))
            .Add("keyFile", tls.Text("key_file"))
            .Add("minVersion", tls.Text("min_version") switch
            {
                "TLS10" => "1.0",
                "TLS11" => "1.1",
                "TLS12" => "1.2",
                "TLS13" => "1.3",
                null => null,
                _ => tls.Refuse<string>("min_version", "is none of TLS10, TLS11, TLS12, TLS13"),
            });
        tls.NoteRest();
        return section;
    }
}
