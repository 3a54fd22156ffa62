namespace Sonde.Access;

/// <summary>Refuses what a foreign page sends in a visitor's name (CSRF), by what the browser says about the
/// sender.</summary>
/// <remarks>
/// <c>Origin</c> stands on every unsafe request of today's browsers, <c>Sec-Fetch-Site</c> even where it is missing. A
/// caller that sends neither is no browser, has no cookie to abuse, and needs the token like everybody else.
/// </remarks>
internal sealed class OriginCheck(RequestDelegate next)
{
    /// <summary>Passes the request on, or answers 403.</summary>
    public Task InvokeAsync(HttpContext context) => IsSafe(context.Request.Method) || IsOwn(context.Request)
        ? next(context)
        : Refusal.WriteAsync(context, StatusCodes.Status403Forbidden, "Sent by another site",
            "This was asked by a page of another site, and is refused. Ask from the page itself, or from a program.");

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsOwn(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count > 0)
        {
            return origins.Count == 1 && Uri.TryCreate(origins[0], UriKind.Absolute, out var origin)
                && Uri.TryCreate($"{request.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out var own)
                && IsSame(origin, own);
        }
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" or "none";
    }

    private static bool IsSame(Uri one, Uri other) => Uri.Compare(
        one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
