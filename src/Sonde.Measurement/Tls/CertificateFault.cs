using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sonde.Measurement.Tls;

/// <summary>Says in words why a server's certificate is not valid.</summary>
internal static class CertificateFault
{
    private const int NamesShown = 3;
    private const int NameLength = 80;

    /// <summary>A sentence, for example <c>certificate expired 3 days ago</c>; all faults, the gravest first.</summary>
    /// <param name="certificate">The server's certificate; null if it sent none.</param>
    /// <param name="chain">The chain as it was built; null if it was not.</param>
    /// <param name="errors">What is wrong; not none.</param>
    /// <param name="serverName">The name that was wanted.</param>
    /// <param name="now">The time of the probe, UTC.</param>
    public static string Describe(
        X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string serverName, DateTimeOffset now)
    {
        if (certificate is null)
        {
            return "the server sent no certificate";
        }
        List<string> faults = [];
        var validity = DescribeValidity(certificate, now);
        if (validity is not null)
        {
            faults.Add(validity);
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            faults.Add($"certificate is for {DescribeNames(certificate)}, not {serverName}");
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null)
        {
            faults.AddRange(DescribeChain(certificate, chain, now));
        }
        return faults.Count == 0 ? "certificate is not valid" : string.Join("; ", faults);
    }

    private static string? DescribeValidity(X509Certificate2 certificate, DateTimeOffset now)
    {
        var (from, until) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        if (now > until)
        {
            return $"certificate expired {Describe(now - until)} ago";
        }
        return now < from ? $"certificate is not valid yet, for another {Describe(from - now)}" : null;
    }

    private static IEnumerable<string> DescribeChain(X509Certificate2 certificate, X509Chain chain, DateTimeOffset now)
    {
        foreach (var element in chain.ChainElements.Skip(1))
        {
            if (DescribeValidity(element.Certificate, now) is { } validity)
            {
                yield return $"its authority {Quote(element.Certificate.Subject)}: {validity}";
            }
        }
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status)
            & ~X509ChainStatusFlags.NotTimeValid;
        if (flags == X509ChainStatusFlags.NoError)
        {
            yield break;
        }
        if ((flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) == 0)
        {
            yield return $"not trusted: {flags}";
        }
        else if (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
        {
            yield return "not trusted: self-signed";
        }
        else
        {
            var authority = Quote(chain.ChainElements[^1].Certificate.Issuer);
            yield return $"not trusted: its authority {authority} is not known here";
        }
    }

    private static string DescribeNames(X509Certificate2 certificate)
    {
        var names = ReadNames(certificate);
        return names.Count switch
        {
            0 => "no name",
            <= NamesShown => string.Join(", ", names),
            _ => $"{string.Join(", ", names.Take(NamesShown))} and {names.Count - NamesShown} more",
        };
    }

    private static List<string> ReadNames(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        if (alternatives is not null)
        {
            var addresses = alternatives.EnumerateIPAddresses().Select(address => address.ToString());
            return [.. alternatives.EnumerateDnsNames().Select(Bare).Concat(addresses)];
        }
        var commonName = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return string.IsNullOrEmpty(commonName) ? [] : [Bare(commonName)];
    }

    private static string Bare(string name) => Quote(name)[1..^1];

    private static string Quote(string name) => PrintableText.Quote(name, NameLength);

    private static string Describe(TimeSpan age)
    {
        var (number, unit) = age.TotalDays >= 2 ? (age.TotalDays, "days")
            : age.TotalHours >= 2 ? (age.TotalHours, "hours")
            : age.TotalMinutes >= 2 ? (age.TotalMinutes, "minutes")
            : (age.TotalSeconds, "seconds");
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(number)} {unit}");
    }
}
