using System.Net;
using Sonde.Configuration;
using Sonde.Web;
using Xunit;

namespace Sonde.Tests.Web;

public sealed class SiteTests
{
    private static readonly string[] AnyAnswer =
    [
        "/", "/targets/icmp-router", "/targets/none", "/nowhere", "/api/v1/targets", "/api/v1/targets/NO!",
        "/healthz", "/readyz", "/assets/none.js", "/openapi/v1.json", "/about/numbers",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_bears_the_security_headers()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration(Checks.Icmp("router")));

        foreach (var path in AnyAnswer)
        {
            using var answer = await site.Client.GetAsync(path, Token);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        }
    }

    [Fact]
    public async Task A_page_names_no_other_host_and_has_no_inline_script_or_style()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration(Checks.Icmp("router")));
        site.Measure(site.Configuration.Checks[0], site.Time.GetUtcNow().ToUnixTimeMilliseconds() - 20_000, 1_000);

        foreach (var path in new[] { "/", "/targets/icmp-router", "/about/numbers" })
        {
            var html = await site.Client.GetStringAsync(path, Token);
            Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
            Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
            Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_overview_sets_no_cookie_and_may_be_kept_for_going_back()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration(Checks.Icmp("router")));

        using var answer = await site.Client.GetAsync("/", Token);

        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("no-cache, private", Normalized(answer.Headers.CacheControl!.ToString()));
    }

    [Theory]
    [InlineData("/under/sonde/targets/icmp-router")]
    [InlineData("/targets/icmp-router")]
    public async Task Links_start_at_the_base_path_whether_the_proxy_strips_it_or_not(string path)
    {
        var web = new WebConfiguration { BasePath = "/under/sonde" };
        var configuration = Checks.Configuration(Checks.Icmp("router")) with { Web = web };
        await using var site = await RunningSite.StartAsync(configuration);

        var html = await site.Client.GetStringAsync(path, Token);

        Assert.Contains("<base href=\"/under/sonde/\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/t", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"/", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Scripts_are_sent_compressed_and_kept_for_a_year(string encoding)
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        using var request = new HttpRequestMessage(HttpMethod.Get, Bundle.AddressOf("app.ts"));
        request.Headers.AcceptEncoding.ParseAdd(encoding);

        using var answer = await site.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(encoding, Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromDays(365), answer.Headers.CacheControl!.MaxAge);
        Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
    }

    [Theory]
    [InlineData("/assets/manifest.txt")]
    [InlineData("/assets/..%2Fmanifest.txt")]
    [InlineData("/assets/app.js")]
    public async Task Only_what_was_bundled_is_served(string path)
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());

        using var answer = await site.Client.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_browser_gets_a_page_where_nothing_is_and_a_program_a_problem_document()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        using var asBrowser = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        asBrowser.Headers.Accept.ParseAdd("text/html");

        using var page = await site.Client.SendAsync(asBrowser, Token);
        using var problem = await site.Client.GetAsync("/api/v1/nowhere", Token);

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("There is nothing here", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, problem.StatusCode);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_problem_stands_on_every_page_in_words()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        site.Problems.Add(
            new("The configuration was refused", "sonde.yaml:3:5: unknown key 'intervall'\n<b>", "sonde check x.yaml"));

        var html = await site.Client.GetStringAsync("/about/numbers", Token);

        Assert.Contains("sonde.yaml:3:5: unknown key &#x27;intervall&#x27;", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<code>sonde check x.yaml</code>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_the_environment_nor_a_settings_file_moves_the_listener()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://127.0.0.1:1");
        try
        {
            await using var site = await RunningSite.StartAsync(Checks.Configuration());
            Assert.NotEqual(1, site.Address.Port);
            Assert.Equal("Production", site.App.Environment.EnvironmentName);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        }
    }

    private static string Normalized(string header) =>
        string.Join(", ", header.Split(", ").Order(StringComparer.Ordinal));
}
