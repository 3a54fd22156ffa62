using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary>Who may reach the page, and how: token, names, HTTPS, and nginx in front.</summary>
public sealed partial class FrontTests
{
    private const string Secret = "an-example-of-24-letters";
    private const string Targets = "defaults: {interval: 200ms}\ntargets:\n  - Router: 127.0.0.1\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_token_everything_asks_for_it_and_nothing_says_it()
    {
        using var folder = new WorkFolder($"token: {{file: secret}}\n{Targets}");
        await File.WriteAllTextAsync(folder["secret"], Secret + "\n", Token);
        await using var run = await SondeRun.StartAsync(folder, Token);

        foreach (var path in new[] { "", "api/v1/targets", "api/v1/live", "openapi/v1.json", "targets/icmp-router" })
        {
            using var without = await run.Page.GetAsync(path, Token);
            using var wrong = await GetAsync(run.Page, path, Secret + "x");
            using var right = await GetAsync(run.Page, path, Secret);
            Assert.Equal(
                (path, 401, 401, 200), (path, (int)without.StatusCode, (int)wrong.StatusCode, (int)right.StatusCode));
        }
        using var reload = await run.Page.PostAsync("-/reload", null, Token);
        using var health = await run.Page.GetAsync("healthz", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, reload.StatusCode);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        folder.Write($"token: {{file: secret}}\nlisten: nowhere\n{Targets}");
        Assert.Equal("not ready; the reasons need the token\n", await run.AwaitReadyAsync(503));
        Assert.Equal(0, await run.StopAsync());
        Assert.DoesNotContain(run.Log, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_but_its_file_and_options_configures_it_and_nothing_is_written_outside_of_its_data()
    {
        using var folder = new WorkFolder(Targets);
        await File.WriteAllTextAsync(
            folder["appsettings.json"],
            """{"Urls": "http://127.0.0.1:1", "Kestrel": {"Endpoints": {"X": {"Url": "http://127.0.0.1:2"}}}}""",
            Token);
        Directory.CreateDirectory(folder["home"]);
        await using var run = SondeRun.Launch(
            folder,
            [
                "env", $"HOME={folder["home"]}", "ASPNETCORE_URLS=http://127.0.0.1:3", "DOTNET_URLS=http://127.0.0.1:4",
                "ASPNETCORE_ENVIRONMENT=Development",
            ],
            Token, "--listen", "127.0.0.1:0");
        await run.AwaitAddressAsync();
        await run.AwaitFirstSamplesAsync();

        Assert.True(run.Address.Port > 1_000, run.Told());
        Assert.Equal(0, await run.StopAsync());
        Assert.Empty(Directory.GetFileSystemEntries(folder["home"]));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder.Data, "keys")));
        Assert.Equal(
            ["appsettings.json", "data", "home", "sonde.yaml"],
            Directory.GetFileSystemEntries(folder.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_files_port_holds_and_listen_beats_it()
    {
        var port = Nginx.FreePort();
        using var folder = new WorkFolder(
            $"global_settings: {{probes: 1, interval: 1, port: {port}}}\ntargets: [127.0.0.1]\n");
        await using (var run = await SondeRun.Launch(folder, [], Token).AwaitAddressAsync())
        {
            Assert.Equal(port, run.Address.Port);
        }
        await using (var run = await SondeRun.StartAsync(folder, Token))
        {
            Assert.NotEqual(port, run.Address.Port);
        }
    }

    [Fact]
    public async Task Beyond_loopback_without_a_token_it_exits_with_2()
    {
        using var folder = new WorkFolder(Targets);

        var run = await SondeCommand.RunAsync(
            Token, "run", folder.ConfigurationFile, "--data", folder.Data, "--listen", "0.0.0.0:0");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("needs a token", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Data));
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("sonde.example.com", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("attacker.example.com", 421)]
    public async Task It_answers_only_to_its_names(string host, int status)
    {
        using var folder = new WorkFolder($"hosts: [sonde.example.com]\n{Targets}");
        await using var run = await SondeRun.StartAsync(folder, Token);

        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/targets");
        request.Headers.Host = $"{host}:{run.Address.Port}";
        using var answer = await run.Page.SendAsync(request, Token);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task With_a_certificate_it_serves_https()
    {
        using var folder = new WorkFolder($"tls: {{cert: cert.pem, key: key.pem}}\n{Targets}");
        var certificate = TestCertificate.WriteTo(folder["cert.pem"], folder["key.pem"]);
        await using var run = await SondeRun.StartAsync(folder, Token);
        using var client = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate,
        });

        using var answer = await client.GetAsync(new Uri(run.Address, "api/v1/targets"), Token);
        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => client.GetAsync(new UriBuilder(run.Address) { Scheme = "http" }.Uri, Token));

        Assert.Equal("https", run.Address.Scheme);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await run.StopAsync());
    }

    [Fact]
    public async Task A_certificate_that_is_not_there_is_told_in_words()
    {
        using var folder = new WorkFolder($"tls: {{cert: cert.pem, key: key.pem}}\n{Targets}");

        var run = await SondeCommand.RunAsync(
            Token, "run", folder.ConfigurationFile, "--data", folder.Data, "--listen", "127.0.0.1:0");

        Assert.InRange(run.ExitCode, 1, 2);
        Assert.Contains("cert.pem", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_nginx_under_a_path_the_page_its_assets_and_the_live_events_work()
    {
        using var folder = new WorkFolder(
            $"basePath: /sonde\ntrustedProxies: [127.0.0.1]\nhosts: [status.example.com]\n{Targets}");
        await using var run = await SondeRun.StartAsync(folder, Token);
        await run.AwaitFirstSamplesAsync();
        await using var proxy = await Nginx.StartOrSkipAsync(folder, run.Address, Token);

        var page = await proxy.Page.GetStringAsync("sonde/", Token);
        var assets = LinkPattern().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Contains("<base href=\"/sonde/\"", page, StringComparison.Ordinal);
        Assert.True(assets.Count >= 3, page);
        foreach (var asset in assets)
        {
            using var answer = await proxy.Page.GetAsync(
                new Uri(new Uri(proxy.Page.BaseAddress!, "/sonde/"), asset), Token);
            Assert.Equal((asset, HttpStatusCode.OK), (asset, answer.StatusCode));
        }
        using var outside = await proxy.Page.GetAsync("api/v1/targets", Token);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);   // nginx's own: nothing stands outside the path
        await AssertLiveAsync(proxy.Page);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "sonde/api/v1/targets");
        foreign.Headers.Host = "attacker.example.com";
        using var refused = await proxy.Page.SendAsync(foreign, Token);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
    }

    /// <summary>Three events come through one request while it stays open.</summary>
    private static async Task AssertLiveAsync(HttpClient page)
    {
        using var live = await page.GetAsync("sonde/api/v1/live", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", live.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await live.Content.ReadAsStreamAsync(Token));
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(Eventually.Bound);
        for (var events = 0; events < 3;)
        {
            var line = await lines.ReadLineAsync(bound.Token);
            Assert.NotNull(line);
            events += line.StartsWith("event: targets", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    [GeneratedRegex("(?:src|href|content)=\"(assets/[^\"]+)\"")]
    private static partial Regex LinkPattern();
}
