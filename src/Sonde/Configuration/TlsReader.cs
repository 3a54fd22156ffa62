using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads the <c>tls</c> of a check, and checks the PEM files that it names.</summary>
internal static class TlsReader
{
    private const int LongestPem = 1 << 20;
    private const string Wanted = "true, false or a mapping {verify, serverName, …}";

    private static readonly string[] Versions = ["1.0", "1.1", "1.2", "1.3"];

    /// <summary>What <c>tls</c> says; null when it is not written or no such value.</summary>
    public static TlsChoice? Read(Settings settings)
    {
        if (!settings.Has("tls"))
        {
            return null;
        }
        if (settings.Node<YamlNode>("tls", Wanted) is not YamlMap map)
        {
            return settings.Flag("tls", Wanted) is { } isWanted ? new TlsChoice(isWanted, new TlsTrust()) : null;
        }
        var tls = settings.For(map);
        tls.RefuseUnknown(KnownKeys.TargetTls);
        var certificate = ReadPem(tls, "certificateFile");
        var key = ReadPem(tls, "keyFile");
        if (tls.Has("keyFile") && !tls.Has("certificateFile"))
        {
            tls.Problems.Add(tls.PlaceOfKey("keyFile"), "'keyFile' is of use only beside 'certificateFile'");
        }
        var isKeyRead = key is not null || !tls.Has("keyFile");
        return new TlsChoice(IsWanted: true, new TlsTrust
        {
            Verify = tls.Flag("verify") ?? true,
            ServerName = ReadServerName(tls, "serverName"),
            Authorities = ReadAuthorities(tls, "authorityFile"),
            Certificate = certificate is null || !isKeyRead
                || CheckPair(tls, "certificateFile", certificate, key ?? certificate) ? certificate : null,
            Key = certificate is null ? null : key ?? certificate,
            MinimumVersion = ReadVersion(tls, "minVersion"),
            MaximumVersion = ReadVersion(tls, "maxVersion"),
        }.WithVersionsChecked(tls));
    }

    /// <summary>A host name for the certificate.</summary>
    public static string? ReadServerName(Settings tls, string key)
    {
        var name = tls.Text(key, 253);
        if (name is not null && !AddressText.IsHostName(name))
        {
            tls.Problems.Add(tls.PlaceOf(key), $"{tls.Written(key)} is not a host name");
        }
        return name;
    }

    /// <summary>Trusted certificates from a PEM file.</summary>
    public static string? ReadAuthorities(Settings tls, string key)
    {
        if (ReadPem(tls, key) is not { } pem)
        {
            return null;
        }
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }
        if (authorities.Count == 0)
        {
            tls.Problems.Add(tls.PlaceOf(key), $"the file {tls.Written(key)} holds no certificate in PEM");
            return null;
        }
        foreach (var authority in authorities)
        {
            authority.Dispose();
        }
        return pem;
    }

    /// <summary>The text of a PEM file.</summary>
    public static string? ReadPem(Settings tls, string key) =>
        tls.FileText(key, key, LongestPem, isOneLine: false);

    /// <summary>True when a certificate and its key belong together; what is wrong is noted.</summary>
    public static bool CheckPair(Settings tls, string place, string certificate, string key)
    {
        try
        {
            X509Certificate2.CreateFromPem(certificate, key).Dispose();
            return true;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            tls.Problems.Add(
                tls.PlaceOf(place),
                "the files hold no certificate in PEM with the unencrypted key that belongs to it");
            return false;
        }
    }

    private static string? ReadVersion(Settings tls, string key)
    {
        if (tls.Text(key, 10) is not { } version)
        {
            return null;
        }
        if (Array.IndexOf(Versions, version) >= 0)
        {
            return version;
        }
        tls.Problems.Add(tls.PlaceOf(key), $"'{key}' takes 1.0, 1.1, 1.2 or 1.3, not {tls.Written(key)}");
        return null;
    }

    private static TlsTrust WithVersionsChecked(this TlsTrust trust, Settings tls)
    {
        if (trust is { MinimumVersion: { } least, MaximumVersion: { } most }
            && string.CompareOrdinal(least, most) > 0)
        {
            tls.Problems.Add(tls.PlaceOf("maxVersion"), "'maxVersion' is older than 'minVersion'");
        }
        return trust;
    }
}

/// <summary>The <c>tls</c> of a target: <c>true</c>, <c>false</c> or a mapping.</summary>
/// <param name="IsWanted">False for <c>false</c>.</param>
/// <param name="Trust">How TLS is spoken.</param>
internal sealed record TlsChoice(bool IsWanted, TlsTrust Trust);
