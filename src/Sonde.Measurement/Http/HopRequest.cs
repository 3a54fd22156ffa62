using System.Net;

namespace Sonde.Measurement.Http;

/// <summary>What one hop asks: the target's request, or what a redirect made of it.</summary>
/// <param name="Uri">The URL.</param>
/// <param name="Method">The method.</param>
/// <param name="HasBody">Whether the target's body is sent.</param>
/// <param name="IsOwnOrigin">
/// Whether scheme, host and port are the target's own, so that it may have what is secret.
/// </param>
internal sealed record HopRequest(Uri Uri, string Method, bool HasBody, bool IsOwnOrigin)
{
    private static readonly string UserAgent =
        "Sonde/" + (typeof(HopRequest).Assembly.GetName().Version?.ToString(3) ?? "0");

    /// <summary>Whether it is asked over TLS.</summary>
    public bool IsTls => Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>What the target asks first.</summary>
    public static HopRequest First(HttpTarget target) =>
        new(target.Uri, target.Method, !target.Body.IsEmpty, IsOwnOrigin: true);

    /// <summary>
    /// Where an answer redirects to (RFC 9110 section 15.4); null when it does not. As browsers do, 303 always and 301
    /// and 302 after a POST become a GET without body.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="location">Its header <c>Location</c>; null when it has none.</param>
    public HopRequest? Redirected(HttpTarget target, int status, Uri? location)
    {
        if (status is not (301 or 302 or 303 or 307 or 308) || location is null)
        {
            return null;
        }
        var next = location.IsAbsoluteUri ? location : new Uri(Uri, location);
        var becomesGet = (status == 303 && Method != "HEAD") || (status is 301 or 302 && Method == "POST");
        return new HopRequest(
            next, becomesGet ? "GET" : Method, HasBody && !becomesGet,
            next.Scheme == target.Uri.Scheme && next.Port == target.Uri.Port
                && string.Equals(next.IdnHost, target.Uri.IdnHost, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The message; another origin than the target's own gets nothing that may be secret.</summary>
    public HttpRequestMessage MakeMessage(HttpTarget target, Version version)
    {
        HttpRequestMessage message = new(new HttpMethod(Method), Uri)
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = HasBody ? new ReadOnlyMemoryContent(target.Body) : null,
        };
        foreach (var (name, value) in target.Headers)
        {
            if ((IsOwnOrigin || HeaderRules.IsHarmless(name))
                && !message.Headers.TryAddWithoutValidation(name, value))
            {
                _ = message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        if (IsOwnOrigin && target.Authorization is not null)
        {
            _ = message.Headers.TryAddWithoutValidation("Authorization", target.Authorization);
        }
        if (!message.Headers.Contains("User-Agent"))
        {
            _ = message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }
        if (version.Major == HttpVersion.Version11.Major)
        {
            message.Headers.ConnectionClose = true;
        }
        return message;
    }
}
