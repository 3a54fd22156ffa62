using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sonde.Access;
using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Access;

public sealed partial class AccessTests
{
    private const string Secret = "a-token-of-many-letters";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("sonde.example.evil")]
    public async Task A_foreign_name_is_refused_with_a_sentence(string host)
    {
        await using var site = await RunningSite.StartAsync(WithHosts("sonde.example"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/targets") { Headers = { Host = host } };

        using var answer = await site.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Contains("hosts in sonde.yaml", await answer.Content.ReadAsStringAsync(Cancelled),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:1234")]
    [InlineData("[::1]")]
    [InlineData("Sonde.Example")]
    public async Task Loopback_addresses_and_configured_names_are_answered(string host)
    {
        await using var site = await RunningSite.StartAsync(WithHosts("sonde.example"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/targets") { Headers = { Host = host } };

        using var answer = await site.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "nonsense")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task What_another_site_asks_for_is_refused(string header, string value)
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/-/reload");
        request.Headers.Add(header, value);

        using var answer = await site.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_itself_and_programs_may_ask()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration());
        using var fromPage = new HttpRequestMessage(HttpMethod.Post, "/-/reload");
        fromPage.Headers.Add("Origin", site.Address.GetLeftPart(UriPartial.Authority));

        using var page = await site.Client.SendAsync(fromPage, Cancelled);
        using var program = await site.Client.PostAsync("/-/reload", null, Cancelled);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.OK, program.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/targets")]
    [InlineData("/api/v1/live")]
    [InlineData("/api/v1/targets/icmp-router/samples")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/nowhere")]
    [InlineData("/")]
    public async Task Without_the_token_a_program_gets_401(string path)
    {
        await using var site = await RunningSite.StartAsync(WithToken());

        using var without = await site.Client.GetAsync(path, Cancelled);
        using var wrong = await GetAsync(site, path, $"{Secret}x");

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("Bearer", Assert.Single(without.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task With_the_token_a_program_is_answered_and_a_reload_that_changes_it_shuts_the_old_one_out()
    {
        await using var site = await RunningSite.StartAsync(WithToken());

        using var before = await GetAsync(site, "/api/v1/targets", Secret);
        var changed = new WebConfiguration { Token = "another-token-of-letters" };
        site.Configuration = site.Configuration with { Web = changed };
        using var after = await GetAsync(site, "/api/v1/targets", Secret);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Every_endpoint_asks_for_the_token_but_those_that_tell_nothing()
    {
        await using var site = await RunningSite.StartAsync(WithToken());
        string[] open = ["/healthz", "/readyz", "/assets/", "/push/{token}", "/sign-in", "/sign-out", "/not-found", "/error"];

        var endpoints = site.App.Services.GetServices<Microsoft.AspNetCore.Routing.EndpointDataSource>()
            .SelectMany(one => one.Endpoints)
            .OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>().ToList();

        Assert.True(endpoints.Count > 10);
        Assert.All(endpoints, endpoint =>
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            var isOpen =
                endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null;
            var policy = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>()?.Policy;
            Assert.True(isOpen == open.Any(start => path.StartsWith(start, StringComparison.Ordinal)), path);
            // the fallback policy guards it
            var isOfFramework = path.StartsWith("/_framework/", StringComparison.Ordinal);
            Assert.True(isOpen || isOfFramework
                || policy is Policies.View or Policies.Operate or Policies.Probe or Policies.Administer, $"{path} names no policy");
        });
    }

    [Fact]
    public async Task A_person_signs_in_once_and_comes_where_he_wanted()
    {
        await using var site = await RunningSite.StartAsync(WithToken());
        using var browser =
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        using var sent = await browser.GetAsync("/targets/icmp-router", Cancelled);
        using var signedIn = await SignInAsync(browser, sent.Headers.Location!, Secret);
        using var page = await browser.GetAsync(signedIn.Headers.Location, Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Equal("/targets/icmp-router", signedIn.Headers.Location!.ToString());
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), one =>
            one.StartsWith("sonde=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Secret, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task Signing_in_never_leads_to_another_site(string wanted)
    {
        await using var site = await RunningSite.StartAsync(WithToken());
        using var browser =
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };

        using var signedIn = await SignInAsync(browser,
            new Uri($"/sign-in?return={Uri.EscapeDataString(wanted)}", UriKind.Relative), Secret);

        Assert.Equal("/", signedIn.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_wrong_token_is_told_so_and_the_eleventh_is_not_even_read()
    {
        await using var site =
            await RunningSite.StartAsync(WithToken(), new FixedTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56)));
        using var browser =
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };
        var page = new Uri("/sign-in", UriKind.Relative);

        for (var attempt = 0; attempt < SignInLimit.WrongPerMinute; attempt++)
        {
            using var wrong = await SignInAsync(browser, page, "wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using var last = await SignInAsync(browser, page, Secret);

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused()
    {
        await using var site = await RunningSite.StartAsync(WithToken());
        using var form =
            new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = Secret, ["_handler"] = "sign-in" });

        using var answer = await site.Client.PostAsync("/sign-in", form, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public void The_token_alone_is_valid()
    {
        var token = new AccessToken(() => new WebConfiguration { Token = Secret });

        Assert.True(token.IsValid(Secret));
        Assert.All([null, "", Secret[..^1], Secret + " ", Secret.ToUpperInvariant()], shown =>
            Assert.False(token.IsValid(shown)));
        Assert.False(new AccessToken(() => new WebConfiguration()).IsValid(""));
    }

    private static SondeConfiguration WithHosts(params string[] hosts) =>
        Checks.Configuration(Checks.Icmp("router")) with { Web = new WebConfiguration { Hosts = [.. hosts] } };

    private static SondeConfiguration WithToken() =>
        Checks.Configuration(Checks.Icmp("router")) with { Web = new WebConfiguration { Token = Secret } };

    private static async Task<HttpResponseMessage> GetAsync(RunningSite site, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await site.Client.SendAsync(request, Cancelled);
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, Uri page, string token)
    {
        var html = await browser.GetStringAsync(page, Cancelled);
        var fields = Hidden().Matches(html).ToDictionary(
            field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        fields["token"] = token;
        using var form = new FormUrlEncodedContent(fields);
        return await browser.PostAsync(page, form, Cancelled);
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)"\s*/?>""")]
    private static partial Regex Hidden();
}
