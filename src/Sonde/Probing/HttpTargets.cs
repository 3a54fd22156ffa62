using System.Net;
using System.Net.Sockets;
using System.Text;
using Sonde.Measurement.Http;
using Sonde.Targets;

namespace Sonde.Probing;

/// <summary>Makes of an HTTP check what its prober understands.</summary>
internal static class HttpTargets
{
    /// <param name="check">A check of the kind http.</param>
    /// <param name="address">The last good address of its host: it says the family, too.</param>
    /// <param name="owner">The run that is told of late answers; null = nobody is.</param>
    /// <param name="isPinned">True to ask this very address, false to resolve the host in each probe.</param>
    public static HttpTarget For(Check check, IPAddress address, object? owner, bool isPinned = false)
    {
        var http = check.Http ?? throw new ArgumentException("An HTTP check says how it asks.", nameof(check));
        return new HttpTarget(check.Url!, check.Timeout, address)
        {
            Owner = owner,
            PinnedAddress = isPinned ? address : null,
            Family = (address.AddressFamily, isPinned) switch
            {
                (AddressFamily.InterNetworkV6, false) => HttpFamily.IPv6,
                (AddressFamily.InterNetworkV6, true) => HttpFamily.PreferIPv6,
                (_, false) => HttpFamily.IPv4,
                (_, true) => HttpFamily.PreferIPv4,   // of the hosts that redirects lead to
            },
            Method = http.Method,
            Headers = [.. http.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
            Authorization = http.Authorization,
            Body = http.Body is { } body ? Encoding.UTF8.GetBytes(body) : default(ReadOnlyMemory<byte>),
            FollowsRedirects = http.Redirects > 0,
            MaximumRedirects = http.Redirects,
            Version = VersionOf(http.Version),
            Tls = TlsTargets.For(http.Tls, check.Url!.IdnHost),
            Expectations = ExpectationsOf(http),
            BodyLimit = http.BodyLimit,
            StopsAtBodyLimit = http.StopsAtBodyLimit,
            Proxy = http.Proxy is { } proxy ? new Uri(proxy) : null,
        };
    }

    private static HttpVersionChoice VersionOf(HttpVersionWish wish) => wish switch
    {
        HttpVersionWish.One => HttpVersionChoice.Http11,
        HttpVersionWish.Two => HttpVersionChoice.Http2,
        HttpVersionWish.Three => HttpVersionChoice.Http3,
        _ => HttpVersionChoice.Negotiated,
    };

    private static HttpExpectations ExpectationsOf(HttpSettings http) => new()
    {
        Statuses = [.. http.Statuses.Select(range => new HttpStatusRange(range.First, range.Last))],
        HttpVersions = [.. http.Versions.Select(Version.Parse)],
        Headers = [.. http.HeaderPatterns.Select(one =>
            new HttpHeaderExpectation(one.Header, one.Pattern, one.MustMatch, one.AllowsMissing))],
        Bodies = [.. http.BodyPatterns.Select(one => new HttpBodyExpectation(one.Pattern, one.MustMatch))],
        JsonValues = [.. http.JsonValues.Select(one => new HttpJsonExpectation(one.Path, one.Value))],
        MinimumSize = http.MinimumSize,
        MaximumSize = http.MaximumSize,
        FailsIfTls = http.MustUseTls == false,
        FailsIfNotTls = http.MustUseTls == true,
    };
}
