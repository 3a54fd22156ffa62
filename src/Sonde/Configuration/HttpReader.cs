using System.Text;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads how an HTTP check asks; what must come back reads <see cref="HttpExpectationsReader"/>.</summary>
internal static class HttpReader
{
    /// <summary>The longest body of a request.</summary>
    public const int LongestBody = 10_000;

    /// <summary>The longest value of a header, and of a password.</summary>
    public const int LongestValue = 4000;

    /// <summary>The largest body of an answer that is read.</summary>
    public const long MostBodyBytes = 100L << 20;

    /// <summary>The most redirects that are followed.</summary>
    public const int MostRedirects = 50;

    private const int MostHeaders = 50;

    /// <summary>What this place says, over what holds around it; null when it says nothing of HTTP.</summary>
    public static HttpSettings? Read(Settings settings, HttpSettings? outer)
    {
        if (!Array.Exists(KnownKeys.Http, settings.Has))
        {
            return null;
        }
        var http = outer ?? new HttpSettings();
        return HttpExpectationsReader.Read(settings, http with
        {
            Method = ReadMethod(settings) ?? http.Method,
            Headers = ReadHeaders(settings, "headers") ?? http.Headers,
            Body = settings.Secret("body", LongestBody, isOneLine: false) ?? http.Body,
            Authorization = ReadAuthorization(settings) ?? http.Authorization,
            Redirects = ReadRedirects(settings) ?? http.Redirects,
            Version = settings.Choice(
                "httpVersion",
                ("auto", HttpVersionWish.Negotiated),
                ("1.1", HttpVersionWish.One),
                ("2", HttpVersionWish.Two),
                ("3", HttpVersionWish.Three)) ?? http.Version,
            BodyLimit = SizeText.Read(settings, "bodyLimit", 1, MostBodyBytes) ?? http.BodyLimit,
            WatchesContent = settings.Flag("watchContent") ?? http.WatchesContent,
            Proxy = ReadProxy(settings, "proxy") ?? http.Proxy,
        });
    }

    /// <summary>The method.</summary>
    public static string? ReadMethod(Settings settings)
    {
        var method = settings.Text("method", RequestHeaderNames.Longest);
        if (method is not null
            && (!method.All(c => char.IsAsciiLetterUpper(c) || c == '-') || method is "CONNECT" or "TRACE"))
        {
            settings.Problems.Add(
                settings.PlaceOf("method"), $"'method' takes a method in capitals, as GET, HEAD or POST, but not "
                + "CONNECT and TRACE");
        }
        return method;
    }

    /// <summary>A mapping of names to values, which may be secrets; null when not written.</summary>
    public static ValueList<HttpHeader>? ReadHeaders(Settings settings, string key)
    {
        if (settings.Node<YamlMap>(key, "a mapping of names to values") is not { } map)
        {
            return null;
        }
        var headers = new List<HttpHeader>();
        var values = settings.For(map);
        foreach (var name in ReadNames(values, key))
        {
            if (values.Secret(name, LongestValue) is { } value)
            {
                headers.Add(new HttpHeader(name, value));
            }
        }
        return [.. headers];
    }

    /// <summary>The names of headers that a request may have; each other one is noted.</summary>
    public static IEnumerable<string> ReadNames(Settings headers, string key)
    {
        if (headers.Entries.Length > MostHeaders)
        {
            headers.Problems.Add(headers.Place, $"'{key}' takes at most {MostHeaders} headers");
        }
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in headers.Entries.Take(MostHeaders).Select(entry => entry.Key))
        {
            var fault = !RequestHeaderNames.IsToken(name.Text) ? $"is no header: 1 to {RequestHeaderNames.Longest} "
                    + "letters, digits and hyphens"
                : RequestHeaderNames.IsFraming(name.Text)
                    ? "says how the request is framed, which is Sonde's own business"
                : !names.Add(name.Text) ? "is written twice"
                : null;
            if (fault is null)
            {
                yield return name.Text;
            }
            else
            {
                headers.Problems.Add(name.Place, $"{Quoted.Key(name)} {fault}");
            }
        }
    }

    /// <summary>The value of <c>Authorization</c> by RFC 7617; null after a problem was noted.</summary>
    public static string? MakeBasic(Settings basic, string? username, string? password)
    {
        if (username?.Contains(':', StringComparison.Ordinal) == true)
        {
            basic.Problems.Add(basic.PlaceOf("username"), "'username' takes no colon");
        }
        return username is null || password is null
            ? null
            : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))}";
    }

    /// <summary>The URL of a proxy.</summary>
    public static string? ReadProxy(Settings settings, string key)
    {
        if (settings.Text(key, TargetAddress.Longest) is not { } text)
        {
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            && url is { Host.Length: > 0, UserInfo: "", PathAndQuery: "/" })
        {
            return url.GetLeftPart(UriPartial.Authority);
        }
        settings.Problems.Add(
            settings.PlaceOf(key), $"'{key}' takes http://host:port, without user name and password");
        return null;
    }

    private static string? ReadAuthorization(Settings settings)
    {
        var bearer = settings.Secret("bearerToken", LongestValue);
        if (settings.Has("bearerToken") && settings.Has("basicAuth"))
        {
            settings.Problems.Add(
                settings.PlaceOfKey("basicAuth"), "'basicAuth' and 'bearerToken' exclude each other: leave one out");
        }
        if (settings.Node<YamlMap>("basicAuth", "{username, password}") is not { } map)
        {
            return bearer is null ? null : $"Bearer {bearer}";
        }
        var basic = settings.For(map);
        basic.RefuseUnknown(RequestHeadersReader.BasicAuthKeys);
        basic.Require("username");
        basic.Require("password");
        return MakeBasic(basic, basic.Text("username", LongestValue), basic.Secret("password", LongestValue));
    }

    private static int? ReadRedirects(Settings settings) => settings.Value(
        "followRedirects",
        $"true, false or how many, 0 to {MostRedirects}",
        text => text switch
        {
            "true" => new HttpSettings().Redirects,
            "false" => 0,
            _ => int.TryParse(text, out var number) && number is >= 0 and <= MostRedirects ? number : (int?)null,
        });
}
