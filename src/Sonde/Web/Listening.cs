using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Sonde.Configuration;

namespace Sonde.Web;

/// <summary>Where the server listens, and how much it takes from a caller.</summary>
internal static class Listening
{
    // what Kestrel takes by default
    private const int MaxWaitingConnections = 512;

    /// <summary>
    /// Takes the address: from now on no other program gets it, and callers wait until the site is started.
    /// </summary>
    /// <param name="address">Where to listen; port 0 takes any free one.</param>
    /// <exception cref="IOException">It cannot be taken; the message says why and what to do, in a sentence.
    /// </exception>
    public static Socket Open(IPEndPoint address)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            socket.Listen(MaxWaitingConnections);   // only listening keeps others from the port
            return socket;
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            throw new IOException(Sentence(address, error), error);
        }
    }

    /// <summary>Sets the address, the certificate and the bounds.</summary>
    public static void Configure(KestrelServerOptions options, Socket listener, TlsFiles? tls)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = 1_000;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = 64 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestLineSize = 8 * 1024;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        options.Listen((IPEndPoint)listener.LocalEndPoint!, endpoint =>
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

    private static string Sentence(IPEndPoint address, SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{address} is in use by another program: end that one, or choose another address with " +
            "--listen ADDR:PORT or 'listen' in sonde.yaml.",
        SocketError.AccessDenied =>
            $"This user must not listen on {address}, for a low port needs permission: choose a port above 1023, or " +
            $"permit it with 'sudo setcap cap_net_raw,cap_net_bind_service+ep {Environment.ProcessPath}'.",
        SocketError.AddressNotAvailable =>
            $"{address} is no address of this machine: choose another with --listen ADDR:PORT or 'listen' in " +
            "sonde.yaml.",
        _ => $"Nothing can listen on {address}: {error.Message}.",
    };
}
