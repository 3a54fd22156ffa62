using System.Globalization;
using System.Net;
using System.Text;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Http;

/// <summary>A URL to ask, how to ask, and what must come back. It never changes.</summary>
/// <remarks>Everything that is set is checked at once; a wrong value throws an <see cref="ArgumentException"/> that
/// never shows a header's value.</remarks>
public sealed class HttpTarget : ProbeTarget
{
    /// <summary>The largest limit of a body: 100 MiB.</summary>
    public const long MaximumBodyLimit = 100L << 20;

    private const int MostHeaders = 100;
    private const int LongestBody = 1 << 20;

    /// <summary>A target.</summary>
    /// <param name="uri"><c>http://…</c> or <c>https://…</c> without user name and password.</param>
    /// <param name="timeout">10 ms to 60 s, for everything together: from the resolver to the end of the body.</param>
    /// <param name="lastGoodAddress">
    /// What the host resolved to the last time: it serves while the resolver does not answer; null when unknown.
    /// </param>
    /// <exception cref="ArgumentException">The URL is not one of these, or the timeout is out of range.</exception>
    public HttpTarget(Uri uri, TimeSpan timeout, IPAddress? lastGoodAddress = null)
        : base(lastGoodAddress ?? IPAddress.Any, timeout)
    {
        CheckUri(uri, nameof(uri));
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromSeconds(60));
        Uri = uri;
        LastGoodAddress = lastGoodAddress;
        Tls = new TlsSettings(uri.IdnHost);
    }

    /// <summary>The URL.</summary>
    public Uri Uri { get; }

    /// <summary>Serves while the resolver does not answer; null when there is none.</summary>
    public IPAddress? LastGoodAddress { get; }

    /// <summary>
    /// The address of the URL's host that the caller has resolved already, so that only redirects to other origins are
    /// resolved; null, the default, to resolve in each probe.
    /// </summary>
    public IPAddress? PinnedAddress { get; init; }

    /// <summary>Which of the host's addresses is asked; default the resolver's first.</summary>
    public HttpFamily Family { get; init; }

    /// <summary>The method, in capitals; default GET. CONNECT and TRACE are refused.</summary>
    public string Method
    {
        get;
        init => field = HeaderRules.IsToken(value) && value is not ("CONNECT" or "TRACE")
            ? value
            : throw new ArgumentException($"'{value}' is no method that can be probed with.", nameof(value));
    } = "GET";

    /// <summary>
    /// Headers of the request; at most 100; default none. <c>Host</c> replaces the URL's host. Sonde sends
    /// <c>User-Agent: Sonde/…</c> unless it is among them.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Count, MostHeaders, nameof(value));
            foreach (var (name, text) in value)
            {
                HeaderRules.Check(name, text);
            }
            field = [.. value];
        }
    } = [];

    /// <summary>
    /// The value of the header <c>Authorization</c>: <see cref="BasicAuthorization"/>, or <c>Bearer …</c>; null for
    /// none. It goes to the URL's own origin only.
    /// </summary>
    public string? Authorization
    {
        get;
        init
        {
            HeaderRules.CheckValue("Authorization", value ?? "");
            field = value;
        }
    }

    /// <summary>The body of the request, at most 1 MiB; default none.</summary>
    public ReadOnlyMemory<byte> Body
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, LongestBody, nameof(value));
            field = value;
        }
    }

    /// <summary>Whether redirects are followed; default true.</summary>
    public bool FollowsRedirects { get; init; } = true;

    /// <summary>How many redirects are followed; 0 to 50; default 10.</summary>
    public int MaximumRedirects
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 50);
            field = value;
        }
    } = 10;

    /// <summary>Which version of HTTP is spoken; default what the server prefers.</summary>
    public HttpVersionChoice Version { get; init; }

    /// <summary>How TLS is spoken where the URL asks for it; default: the URL's host, the system's roots.</summary>
    public TlsSettings Tls { get; init; }

    /// <summary>What must come back; default a status of 200 to 299.</summary>
    public HttpExpectations Expectations { get; init; } = new();

    /// <summary>
    /// How many bytes of the body are read at most, counted when decompressed; 1 to <see cref="MaximumBodyLimit"/>;
    /// default 10 MiB.
    /// </summary>
    public long BodyLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaximumBodyLimit);
            field = value;
        }
    } = 10L << 20;

    /// <summary>
    /// Whether a larger body is simply not read to its end; default false: it loses the probe.
    /// </summary>
    public bool StopsAtBodyLimit { get; init; }

    /// <summary>
    /// Whether a body that the answer calls gzip, br or deflate is decompressed; default true. What is accepted says
    /// the header <c>Accept-Encoding</c>, if <see cref="Headers"/> have it.
    /// </summary>
    public bool Decompresses { get; init; } = true;

    /// <summary>
    /// The proxy that is asked instead of the host, <c>http://host:port</c>; null, the default, for none.
    /// </summary>
    public Uri? Proxy
    {
        get;
        init
        {
            if (value is not null)
            {
                CheckUri(value, nameof(value));
                ArgumentOutOfRangeException.ThrowIfNotEqual(value.Scheme, Uri.UriSchemeHttp, nameof(value));
            }
            field = value;
        }
    }

    /// <summary>The value of <see cref="Authorization"/> for a name and a password (RFC 7617).</summary>
    public static string BasicAuthorization(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>For example <c>GET https://example.org/health</c>: without query, headers and body.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method} {Show(Uri)}");

    /// <summary>A URL without what may be secret in it.</summary>
    internal static string Show(Uri uri) => uri.GetComponents(
        UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static void CheckUri(Uri uri, string parameter)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0
            || uri.UserInfo.Length > 0)
        {
            throw new ArgumentException("A URL must be http:// or https:// and have no user name.", parameter);
        }
    }
}
