using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sonde.Configuration;
using Sonde.Web;
using Xunit;

namespace Sonde.Tests.Web;

public sealed class ListeningTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("192.0.2.0/24", HttpStatusCode.MisdirectedRequest)]
    public async Task The_forwarded_name_counts_only_behind_a_trusted_proxy(string proxies, HttpStatusCode expected)
    {
        var web = new WebConfiguration { Hosts = ["sonde.example"], TrustedProxies = [IPNetwork.Parse(proxies)] };
        await using var site = await RunningSite.StartAsync(Checks.Configuration() with { Web = web });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/targets") { Headers = { Host = "inside" } };
        request.Headers.Add("X-Forwarded-Host", "sonde.example");
        request.Headers.Add("X-Forwarded-For", "198.51.100.7");
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var answer = await site.Client.SendAsync(request, Token);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task With_a_certificate_it_serves_https()
    {
        using var files = new CertificateFiles();
        var web = new WebConfiguration { Tls = new TlsFiles(files.Certificate, files.Key) };
        await using var site = await RunningSite.StartAsync(Checks.Configuration() with { Web = web });
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, leaf, _, _) => leaf?.GetCertHashString() == files.Thumbprint;
        using var client = new HttpClient(handler) { BaseAddress = site.Address };

        Assert.Equal("https", site.Address.Scheme);
        Assert.Equal("alive\n", await client.GetStringAsync("/healthz", Token));
    }

    [Fact]
    public void An_address_in_use_is_told_with_the_remedy()
    {
        using var first = Listening.Open(new IPEndPoint(IPAddress.Loopback, 0));

        var error = Assert.Throws<IOException>(() => Listening.Open((IPEndPoint)first.LocalEndPoint!));

        Assert.StartsWith($"{first.LocalEndPoint} is in use by another program: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("--listen", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_machine_is_told_with_the_remedy()
    {
        var error = Assert.Throws<IOException>(() => Listening.Open(IPEndPoint.Parse("198.51.100.1:8989")));

        Assert.StartsWith("198.51.100.1:8989 is no address of this machine: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_larger_than_any_form_is_refused()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        using var large = new ByteArrayContent(new byte[100_000]);
        large.Headers.ContentType = new("application/x-www-form-urlencoded");

        using var answer = await site.Client.PostAsync("/sign-in", large, Token);

        Assert.InRange((int)answer.StatusCode, 400, 499);
    }

    private sealed class CertificateFiles : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sonde-tls-");

        public CertificateFiles()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            using var certificate =
                request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(80));
            Thumbprint = certificate.GetCertHashString();
            File.WriteAllText(Certificate, certificate.ExportCertificatePem());
            File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        }

        public string Thumbprint { get; }

        public string Certificate => Path.Combine(_folder.FullName, "cert.pem");

        public string Key => Path.Combine(_folder.FullName, "key.pem");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
