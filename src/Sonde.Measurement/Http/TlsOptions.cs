using System.Net.Security;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Http;

/// <summary>How a hop speaks TLS.</summary>
internal static class TlsOptions
{
    /// <summary>
    /// The target's settings at its own host; at another one its host's name, and no certificate of this side.
    /// </summary>
    public static (SslClientAuthenticationOptions Options, PeerJudge Judge) Make(HopContext context, HopRequest request)
    {
        var settings = context.Target.Tls;
        var isOwnHost = string.Equals(
            request.Uri.IdnHost, context.Target.Uri.IdnHost, StringComparison.OrdinalIgnoreCase);
        var serverName = isOwnHost ? settings.ServerName : request.Uri.IdnHost;
        PeerJudge judge = new(settings, serverName, context.Now);
        var options = settings.MakeOptions(judge.Judge);
        options.TargetHost = serverName;
        options.ApplicationProtocols = Offer(context.Target.Version);
        if (!isOwnHost)
        {
            options.ClientCertificates = null;
        }
        return (options, judge);
    }

    private static List<SslApplicationProtocol> Offer(HttpVersionChoice version) => version switch
    {
        HttpVersionChoice.Http11 => [SslApplicationProtocol.Http11],
        HttpVersionChoice.Http2 => [SslApplicationProtocol.Http2],
        HttpVersionChoice.Http3 => [SslApplicationProtocol.Http3],
        _ => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };
}
