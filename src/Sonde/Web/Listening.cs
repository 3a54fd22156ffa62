using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sonde.Configuration;

namespace Sonde.Web;

/// <summary>Where the server listens, and how much it takes from a caller.</summary>
internal static class Listening
{
    /// <summary>Sets the address, the certificate and the bounds.</summary>
    public static void Configure(KestrelServerOptions options, IPEndPoint listen, TlsFiles? tls)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = 1_000;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = 64 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestLineSize = 8 * 1024;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        options.Listen(listen, endpoint =>
        {
            if (tls is not null)
            {
                endpoint.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = Load(tls));
            }
        });
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain) Load(TlsFiles tls)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(tls.CertificateFile);
        return (X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile), chain);
    }
}
