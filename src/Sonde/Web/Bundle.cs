using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Sonde.Web;

/// <summary>The browser's part as <c>bundle.mjs</c> left it inside this assembly: scripts, styles and the
/// icon.</summary>
/// <remarks>A name bears the hash of its content, so that a browser may keep it for ever and a proxy never serves an
/// old one.</remarks>
internal static class Bundle
{
    private const string Folder = "web/";

    private static readonly FrozenSet<string> Names = typeof(Bundle).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Entries = ReadManifest();

    /// <summary>The address of an entry relative to the page's base, for example
    /// <c>assets/app-5LKX2ZQW.js</c>.</summary>
    /// <param name="entry">Its source's name, for example <c>app.ts</c>.</param>
    public static string AddressOf(string entry) => $"assets/{Entries[entry]}";

    /// <summary>Maps <c>GET /assets/{name}</c>: compressed at build time, kept by the browser for a year.</summary>
    public static IEndpointConventionBuilder MapBundle(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{name}", Get).AllowAnonymous().ExcludeFromDescription();

    private static Results<FileStreamHttpResult, NotFound> Get(string name, HttpContext context)
    {
        if (!Names.Contains(Folder + name) || ContentTypeOf(name) is not { } contentType)
        {
            return TypedResults.NotFound();
        }
        var (suffix, encoding) = Accepted(context.Request);
        var headers = context.Response.GetTypedHeaders();
        headers.CacheControl = new CacheControlHeaderValue
        {
            Public = true,
            MaxAge = TimeSpan.FromDays(365),
            Extensions = { new NameValueHeaderValue("immutable") },
        };
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (encoding is not null)
        {
            context.Response.Headers.ContentEncoding = encoding;
        }
        return TypedResults.Stream(Open(name + suffix), contentType);
    }

    private static (string Suffix, string? Encoding) Accepted(HttpRequest request)
    {
        var accepted = request.Headers.AcceptEncoding.ToString();
        return accepted.Contains("br", StringComparison.Ordinal) ? (".br", "br")
            : accepted.Contains("gzip", StringComparison.Ordinal) ? (".gz", "gzip")
            : ("", null);
    }

    private static string? ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => null,
    };

    private static FrozenDictionary<string, string> ReadManifest()
    {
        using var manifest = new StreamReader(Open("manifest.txt"));
        return manifest.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToFrozenDictionary(words => words[0], words => words[1], StringComparer.Ordinal);
    }

    private static Stream Open(string name) => typeof(Bundle).Assembly.GetManifestResourceStream(Folder + name)!;
}
