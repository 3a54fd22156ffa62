using System.Collections.Immutable;
using System.Net;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>Reads how the page is served: the keys <c>token, hosts, basePath, trustedProxies, tls</c>.</summary>
internal static class WebReader
{
    private const int LongestToken = 1000;
    private const int LongestPath = 200;
    private const int MostEntries = 100;

    /// <summary>The settings of the page; what is wrong is noted.</summary>
    public static WebConfiguration Read(Settings settings) => new()
    {
        Token = ReadToken(settings),
        Hosts = ReadHosts(settings),
        BasePath = ReadBasePath(settings),
        TrustedProxies = ReadProxies(settings),
        Tls = ReadTls(settings),
    };

    private static string? ReadToken(Settings settings)
    {
        var token = settings.Secret("token", LongestToken);
        if (token is { Length: < ListenAddress.ShortestToken } || token?.Any(c => c is <= ' ' or > '~') == true)
        {
            settings.Problems.Add(
                settings.PlaceOf("token"),
                $"'token' takes at least {ListenAddress.ShortestToken} letters, digits and signs of ASCII without "
                + "spaces: make one with 'openssl rand -hex 24'");
        }
        return token;
    }

    private static ImmutableArray<string> ReadHosts(Settings settings)
    {
        var hosts = settings.Texts("hosts", MostEntries, longest: 253);
        foreach (var (host, written) in hosts)
        {
            if (AddressText.Parse(host, out _, out var port) is not null || port is not null)
            {
                settings.Problems.Add(
                    written.Place, $"{Quoted.Value(written)} is not a host name: write it without scheme, port and *");
            }
        }
        return [.. hosts.Select(host => host.Text)];
    }

    private static string ReadBasePath(Settings settings)
    {
        if (settings.Text("basePath", LongestPath) is not { } path)
        {
            return "";
        }
        var trimmed = path.TrimEnd('/');
        var isPath = path.StartsWith('/')
            && trimmed.Split('/').Skip(1).All(part => part.Length > 0 && part is not ("." or ".."))
            && trimmed.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '.' or '_' or '~');
        if (!isPath)
        {
            settings.Problems.Add(
                settings.PlaceOf("basePath"),
                "'basePath' takes a path that begins with a slash, as /sonde, of letters, digits and - . _ ~");
        }
        return trimmed;
    }

    private static ImmutableArray<IPNetwork> ReadProxies(Settings settings)
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var (text, written) in settings.Texts("trustedProxies", MostEntries, longest: 100))
        {
            if (AddressText.TryParseNetwork(text, out var network) && network.PrefixLength > 0)
            {
                networks.Add(network);
            }
            else
            {
                settings.Problems.Add(written.Place, $"{Quoted.Value(written)} is not the IP address of a proxy, "
                    + "nor a network as 10.1.0.0/16 whose bits behind the prefix are 0; the whole internet is none");
            }
        }
        return networks.ToImmutable();
    }

    private static TlsFiles? ReadTls(Settings settings)
    {
        if (settings.Node<YamlMap>("tls", "{cert, key}, the paths of two PEM files") is not { } map)
        {
            return null;
        }
        var tls = settings.For(map);
        tls.RefuseUnknown(KnownKeys.ServerTls);
        var certificate = ReadPath(tls, "cert");
        var key = ReadPath(tls, "key");
        return certificate is null || key is null ? null : new TlsFiles(certificate, key);
    }

    /// <summary>The path, made absolute; on disk the file must be there.</summary>
    private static string? ReadPath(Settings tls, string key)
    {
        tls.Require(key);
        if (tls.Text(key, YamlTree.MostCharacters, "the path of a PEM file") is not { } path
            || tls.Sources is not { } sources)
        {
            return null;
        }
        var absolute = Path.GetFullPath(Path.Combine(sources.Directory, path));
        if (!File.Exists(absolute))
        {
            tls.Problems.Add(tls.PlaceOf(key), $"the file {tls.Written(key)} does not exist");
        }
        return absolute;
    }
}
