using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads the <c>http</c> of a module.</summary>
internal static class HttpModuleReader
{
    private const int MostStatuses = 100;

    private static readonly string[] HeldValues = ["values", "secrets"];
    private static readonly string[] Credentials =
        ["basic_auth", "authorization", "bearer_token", "bearer_token_file"];

    /// <summary>How it asks, and what must come back.</summary>
    public static HttpSettings Read(Settings http)
    {
        var standard = ProbeModule.UnlimitedHttp;
        var limit = SizeText.Read(http, "body_size_limit", 0, HttpReader.MostBodyBytes) ?? 0;
        _ = http.Flag("skip_resolve_phase_with_proxy");   // Sonde never resolves what a proxy is asked for
        return standard with
        {
            Method = HttpReader.ReadMethod(http) ?? standard.Method,
            Headers = [.. ReadHeaders(http)],
            Body = ReadBody(http),
            Authorization = ReadAuthorization(http),
            Redirects = http.Flag("follow_redirects") ?? !(http.Flag("no_follow_redirects") ?? false)
                ? standard.Redirects : 0,
            Version = http.Flag("enable_http3") == true ? HttpVersionWish.Three
                : http.Flag("enable_http2") == false ? HttpVersionWish.One
                : HttpVersionWish.Negotiated,
            Statuses = http.Says("valid_status_codes") ? [.. ReadStatuses(http)] : standard.Statuses,
            Versions = http.Says("valid_http_versions") ? [.. ReadVersions(http)] : standard.Versions,
            BodyPatterns =
            [
                .. ReadBody(http, "fail_if_body_matches_regexp", mustMatch: false),
                .. ReadBody(http, "fail_if_body_not_matches_regexp", mustMatch: true),
            ],
            HeaderPatterns =
            [
                .. ReadHeaderPatterns(http, "fail_if_header_matches", mustMatch: false),
                .. ReadHeaderPatterns(http, "fail_if_header_not_matches", mustMatch: true),
            ],
            MustUseTls = ReadMustUseTls(http),
            BodyLimit = limit == 0 ? standard.BodyLimit : limit,
            StopsAtBodyLimit = limit == 0,
            Proxy = http.Says("proxy_url") ? HttpReader.ReadProxy(http, "proxy_url") : null,
            Tls = ModuleTlsReader.Read(http),
        };
    }

    private static string? ReadBody(Settings http)
    {
        const string File = "body_file";
        return http.Says("body") ? http.Secret("body", HttpReader.LongestBody, isOneLine: false)
            : http.Says(File) ? http.FileText(File, File, HttpReader.LongestBody, isOneLine: false)
            : null;
    }

    private static bool? ReadMustUseTls(Settings http)
    {
        var mustNot = http.Flag("fail_if_ssl") ?? false;
        var must = http.Flag("fail_if_not_ssl") ?? false;
        if (must && mustNot)
        {
            http.Problems.Add(http.PlaceOf("fail_if_ssl"), "'fail_if_ssl' and 'fail_if_not_ssl' fail every probe");
        }
        return must ? true : mustNot ? false : null;
    }

    private static List<HttpHeader> ReadHeaders(Settings http)
    {
        var headers = new List<HttpHeader>();
        headers.AddRange((http.Says("headers") ? HttpReader.ReadHeaders(http, "headers") : null) ?? []);
        if (http.Says("http_headers") && http.Node<YamlMap>("http_headers", "a mapping of headers") is { } map)
        {
            var names = http.For(map);
            foreach (var name in HttpReader.ReadNames(names, "http_headers"))
            {
                headers.AddRange(ReadValues(names.Section(name, ModuleKeys.HeaderValues), name));
            }
        }
        var compression = http.Says("compression") ? http.Text("compression", longest: 20) : null;
        if (compression is not (null or "gzip" or "br" or "deflate" or "identity"))
        {
            http.Problems.Add(http.PlaceOf("compression"), "'compression' takes gzip, br, deflate or identity");
        }
        const string AcceptEncoding = "Accept-Encoding";
        if (compression is not null
            && !headers.Exists(header => header.Name.Equals(AcceptEncoding, StringComparison.OrdinalIgnoreCase)))
        {
            headers.Add(new HttpHeader(AcceptEncoding, compression));
        }
        return headers;
    }

    private static IEnumerable<HttpHeader> ReadValues(Settings header, string name)
    {
        foreach (var key in HeldValues.Where(header.Says))
        {
            foreach (var (value, _) in header.Texts(key, mostItems: 20, HttpReader.LongestValue))
            {
                yield return new HttpHeader(name, value);
            }
        }
        if (header.Says("files"))
        {
            header.Problems.Add(header.PlaceOfKey("files"), "'files' is not done by Sonde: write the header under "
                + "'headers' as {file: path}");
        }
    }

    private static string? ReadAuthorization(Settings http)
    {
        string[] ways = [.. Credentials.Where(http.Says)];
        if (ways.Length > 1)
        {
            http.Problems.Add(
                http.PlaceOfKey(ways[1]), $"'{ways[0]}' and '{ways[1]}' exclude each other: leave one out");
        }
        switch (ways.FirstOrDefault())
        {
            case "basic_auth":
                var basic = http.Section("basic_auth", ModuleKeys.BasicAuth);
                return HttpReader.MakeBasic(basic, ReadSecret(basic, "username"), ReadSecret(basic, "password"));
            case "authorization":
                var authorization = http.Section("authorization", ModuleKeys.Authorization);
                var type = authorization.Says("type") ? authorization.Text("type", longest: 50) : "Bearer";
                return ReadSecret(authorization, "credentials") is { } credentials ? $"{type} {credentials}" : null;
            case null:
                return null;
            default:
                return ReadSecret(http, "bearer_token") is { } token ? $"Bearer {token}" : null;
        }
    }

    /// <summary>A secret that stands under a key, or in the file that <c>key_file</c> names.</summary>
    private static string? ReadSecret(Settings settings, string key)
    {
        if (settings.Says($"{key}_file"))
        {
            return settings.FileText($"{key}_file", $"{key}_file", HttpReader.LongestValue);
        }
        settings.Require(key);
        return settings.Secret(key, HttpReader.LongestValue);
    }

    private static IEnumerable<StatusRange> ReadStatuses(Settings http)
    {
        foreach (var (text, written) in http.Texts("valid_status_codes", MostStatuses, longest: 20))
        {
            if (int.TryParse(text, out var status) && status is >= 100 and <= 999)
            {
                yield return new StatusRange(status, status);
            }
            else
            {
                http.Problems.Add(written.Place, $"'valid_status_codes' takes 100 to 999, not {Quoted.Value(written)}");
            }
        }
    }

    private static IEnumerable<string> ReadVersions(Settings http)
    {
        foreach (var (text, written) in http.Texts("valid_http_versions", mostItems: 10, longest: 20))
        {
            var version = text switch
            {
                "HTTP/1.0" => "1.0",
                "HTTP/1.1" => "1.1",
                "HTTP/2" or "HTTP/2.0" => "2.0",
                "HTTP/3" or "HTTP/3.0" => "3.0",
                _ => null,
            };
            if (version is not null)
            {
                yield return version;
            }
            else
            {
                http.Problems.Add(
                    written.Place, $"{Quoted.Value(written)} is none of HTTP/1.0, HTTP/1.1, HTTP/2.0 and HTTP/3.0");
            }
        }
    }

    private static IEnumerable<BodyPattern> ReadBody(Settings http, string key, bool mustMatch) =>
        GoPattern.ReadList(http, key).Select(pattern => new BodyPattern(pattern, mustMatch));

    private static IEnumerable<HeaderPattern> ReadHeaderPatterns(Settings http, string key, bool mustMatch)
    {
        foreach (var match in http.Sections(key, ModuleKeys.HeaderMatch, PatternText.Most))
        {
            match.Require("header");
            match.Require("regexp");
            var header = match.Text("header", RequestHeaderNames.Longest);
            var pattern = GoPattern.Read(match, "regexp");
            var allowsMissing = match.Flag("allow_missing") ?? false;
            if (header is not null && !RequestHeaderNames.IsToken(header))
            {
                match.Problems.Add(match.PlaceOf("header"), $"{match.Written("header")} is no header");
            }
            else if (header is not null && pattern is not null)
            {
                yield return new HeaderPattern(header, pattern, mustMatch, allowsMissing);
            }
        }
    }
}
