namespace Sonde.Web;

/// <summary>Serves the page under the path that the reverse proxy shows, whether the proxy strips it or leaves
/// it.</summary>
internal static class BasePath
{
    /// <summary>Sets the request's path base, from which all links are made.</summary>
    /// <param name="app">Where to add.</param>
    /// <param name="basePath">Empty, or with a slash in front and none behind.</param>
    public static IApplicationBuilder UseBasePath(this IApplicationBuilder app, string basePath) =>
        app.Use((context, next) =>
    {
        var request = context.Request;
        if (basePath.Length > 0)
        {
            if (request.Path.StartsWithSegments(basePath, out var rest))
            {
                request.Path = rest.HasValue ? rest : "/";
            }
            request.PathBase = basePath;
        }
        return next(context);
    });
}
