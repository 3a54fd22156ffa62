namespace Sonde.Web;

/// <summary>What every answer tells the browser to refuse.</summary>
internal static class SecurityHeaders
{
    /// <summary>Own files only, no inline script or style, no frames, no other host.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'self'; "
        + "frame-ancestors 'none'";

    /// <summary>Sets the headers on every answer, errors included.</summary>
    /// <remarks>The referrer policy is not <c>no-referrer</c>: with that, browsers send <c>Origin: null</c> even to
    /// ourselves.</remarks>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "private, no-cache";
            }
            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
