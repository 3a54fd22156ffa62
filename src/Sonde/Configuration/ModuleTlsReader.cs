using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads the <c>tls_config</c> of a module.</summary>
internal static class ModuleTlsReader
{
    /// <summary>How TLS is spoken; what is wrong is noted.</summary>
    public static TlsTrust Read(Settings section)
    {
        var tls = section.Section("tls_config", ModuleKeys.Tls);
        var certificate = tls.Says("cert_file") ? TlsReader.ReadPem(tls, "cert_file") : null;
        var key = tls.Says("key_file") ? TlsReader.ReadPem(tls, "key_file") : null;
        if (tls.Says("cert_file") != tls.Says("key_file"))
        {
            tls.Problems.Add(tls.Place, "'cert_file' and 'key_file' want each other");
        }
        var isPair = certificate is not null && key is not null
            && TlsReader.CheckPair(tls, "cert_file", certificate, key);
        return new TlsTrust
        {
            Verify = !(tls.Flag("insecure_skip_verify") ?? false),
            ServerName = tls.Says("server_name") ? TlsReader.ReadServerName(tls, "server_name") : null,
            Authorities = tls.Says("ca_file") ? TlsReader.ReadAuthorities(tls, "ca_file") : null,
            Certificate = isPair ? certificate : null,
            Key = isPair ? key : null,
            MinimumVersion = ReadVersion(tls, "min_version"),
            MaximumVersion = ReadVersion(tls, "max_version"),
        };
    }

    private static string? ReadVersion(Settings tls, string key)
    {
        const string Wanted = "TLS10, TLS11, TLS12 or TLS13";
        if (!tls.Says(key) || tls.Text(key, 10, Wanted) is not { } version)
        {
            return null;
        }
        if (version is "TLS10" or "TLS11" or "TLS12" or "TLS13")
        {
            return $"1.{version[^1]}";
        }
        tls.Problems.Add(tls.PlaceOf(key), $"'{key}' takes {Wanted}, not {tls.Written(key)}");
        return null;
    }
}
