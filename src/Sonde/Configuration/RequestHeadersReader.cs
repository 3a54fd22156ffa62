using System.Buffers;
using System.Text;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>
/// Reads what a request bears: <c>headers</c>, and who we are by <c>basicAuth</c> or <c>bearerToken</c>.
/// </summary>
internal static class RequestHeadersReader
{
    /// <summary>The keys of <c>basicAuth</c>.</summary>
    public static readonly string[] BasicAuthKeys = ["username", "password"];

    private const int MostHeaders = 50;
    private const int LongestValue = 4000;
    private const string Authorization = "Authorization";

    /// <summary>The characters of a token, RFC 9110 section 5.6.2.</summary>
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly string[] Ours =
    [
        "Connection", "Host", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
        "X-Prometheus-Remote-Write-Version",
    ];

    /// <summary>All of them; what is wrong is noted.</summary>
    public static RequestHeaders Read(Settings settings)
    {
        var headers = ReadHeaders(settings);
        if (ReadAuthorization(settings) is { } authorization)
        {
            if (headers.Any(header => IsSame(header.Name, Authorization)))
            {
                settings.Problems.Add(
                    settings.PlaceOf("headers"), "'headers' has an Authorization beside 'basicAuth' or 'bearerToken'");
            }
            headers.Add((Authorization, authorization));
        }
        return headers.Count == 0 ? RequestHeaders.None : new RequestHeaders([.. headers]);
    }

    private static List<(string Name, string Value)> ReadHeaders(Settings settings)
    {
        var headers = new List<(string Name, string Value)>();
        if (settings.Node<YamlMap>("headers", "a mapping of names to values") is not { } map)
        {
            return headers;
        }
        if (map.Entries.Length > MostHeaders)
        {
            settings.Problems.Add(map.Place, $"'headers' takes at most {MostHeaders} headers");
            return headers;
        }
        var values = settings.For(map);
        foreach (var entry in map.Entries)
        {
            var name = entry.Key.Text;
            if (name.Length is 0 or > 100 || name.AsSpan().ContainsAnyExcept(NameCharacters))
            {
                settings.Problems.Add(entry.Key.Place, "a header's name takes 1 to 100 letters, digits and hyphens");
            }
            else if (!MaySet(name))
            {
                settings.Problems.Add(entry.Key.Place, $"the header {Quoted.Key(entry.Key)} is not yours to set");
            }
            else if (headers.Any(header => IsSame(header.Name, name)))
            {
                settings.Problems.Add(entry.Key.Place, $"the header {Quoted.Key(entry.Key)} is written twice");
            }
            else if (ReadValue(values, name) is { } value)
            {
                headers.Add((name, value));
            }
        }
        return headers;
    }

    /// <summary>False for those that say how the request itself is written, and for those of its body.</summary>
    private static bool MaySet(string name)
    {
        using var request = new HttpRequestMessage();
        return !Ours.Any(ours => IsSame(ours, name)) && request.Headers.TryAddWithoutValidation(name, "");
    }

    private static string? ReadAuthorization(Settings settings)
    {
        var bearer = ReadValue(settings, "bearerToken");
        var basic = ReadBasic(settings);
        if (settings.Has("bearerToken") && settings.Has("basicAuth"))
        {
            settings.Problems.Add(settings.PlaceOfKey("basicAuth"), "takes either 'basicAuth' or 'bearerToken'");
        }
        return bearer is not null ? $"Bearer {bearer}" : basic;
    }

    /// <summary>The header of RFC 7617.</summary>
    private static string? ReadBasic(Settings settings)
    {
        if (settings.Node<YamlMap>("basicAuth", "{username, password}") is not { } map)
        {
            return null;
        }
        var basic = settings.For(map);
        basic.RefuseUnknown(BasicAuthKeys);
        basic.Require("username");
        basic.Require("password");
        var username = basic.Text("username", LongestValue);
        if (username?.Contains(':', StringComparison.Ordinal) == true)
        {
            basic.Problems.Add(basic.PlaceOf("username"), "'username' takes no colon");
        }
        var password = basic.Secret("password", LongestValue);
        return username is null || password is null
            ? null
            : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))}";
    }

    private static string? ReadValue(Settings settings, string key)
    {
        if (settings.Secret(key, LongestValue) is not { } value)
        {
            return null;
        }
        if (value.All(c => c is >= ' ' and <= '~'))
        {
            return value;
        }
        settings.Problems.Add(settings.PlaceOf(key), $"'{key}' takes letters, digits and signs of ASCII");
        return null;
    }

    private static bool IsSame(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
