using System.Text;
using Sonde.Measurement.Http;
using Sonde.Measurement.Tests.Tcp;
using Sonde.Measurement.Tls;
using Xunit;

namespace Sonde.Measurement.Tests.Http;

/// <summary>What is sent, and where redirects lead.</summary>
public sealed class HttpRequestTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_plain_request_has_four_lines()
    {
        using var server = HttpServer.Answering(HttpServer.Ok(""));

        _ = HttpRun.Probe(new HttpTarget(server.Url("/a?b=c"), Patient));

        var lines = Assert.Single(server.Requests).Split("\r\n");
        Assert.Equal("GET /a?b=c HTTP/1.1", lines[0]);
        Assert.Equal(
            ["Connection: close", $"Host: 127.0.0.1:{server.Port}", "User-Agent: Sonde/"],
            lines[1..4].Select(line => line.StartsWith("User-Agent", StringComparison.Ordinal) ? line[..18] : line)
                .Order(StringComparer.Ordinal));
        Assert.Equal(["", ""], lines[4..]);
    }

    [Fact]
    public async Task Method_headers_authorization_and_body_are_sent()
    {
        TaskCompletionSource<string> body = new();
        using var server = new HttpServer(async visit =>
        {
            _ = await visit.ReadHeadAsync();
            var bytes = new byte[5];
            await visit.Stream.ReadExactlyAsync(bytes, visit.Stop);
            body.SetResult(Encoding.ASCII.GetString(bytes));
            await visit.SendAsync(HttpServer.Ok(""));
        });

        _ = HttpRun.Probe(new HttpTarget(server.Url(), Patient)
        {
            Method = "POST",
            Headers = [new("Host", "other.test"), new("X-Key", "1"), new("Content-Type", "text/plain"), new("User-Agent", "me")],
            Authorization = HttpTarget.BasicAuthorization("user", "pass"),
            Body = "hello"u8.ToArray(),
        });

        var head = Assert.Single(server.Requests);
        Assert.StartsWith("POST / HTTP/1.1\r\n", head, StringComparison.Ordinal);
        foreach (var line in (string[])["Host: other.test", "X-Key: 1", "Content-Type: text/plain", "User-Agent: me",
            "Authorization: Basic dXNlcjpwYXNz", "Content-Length: 5"])
        {
            Assert.Contains($"\r\n{line}\r\n", head, StringComparison.Ordinal);
        }
        Assert.Equal("hello", await body.Task.WaitAsync(Patient, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void HEAD_has_no_body()
    {
        using var server = HttpServer.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient) { Method = "HEAD" });

        Assert.True(result.IsAnswered, result.ToString());
        var found = (HttpFindings)result.Findings!;
        Assert.Equal((1000, 0), (found.ContentLength, found.BodyLength));
    }

    [Fact]
    public void Redirects_are_followed_and_their_phases_summed()
    {
        using var server = Redirecting(path => path is "/a" ? "/b" : path is "/b" ? "/c?token=hidden" : null);

        var result = HttpRun.Probe(new HttpTarget(server.Url("/a"), Patient));

        Assert.True(result.IsAnswered, result.ToString());
        var found = (HttpFindings)result.Findings!;
        Assert.Equal(2, found.Redirects);
        Assert.Equal([302, 302, 200], found.Hops.Select(hop => hop.StatusCode));
        Assert.Equal(["/a", "/b", "/c"], found.Hops.Select(hop => new Uri(hop.Url).AbsolutePath));
        Assert.Equal(found.Phases.Sum.Ticks, found.Hops.Sum(hop => hop.Phases.Sum.Ticks));
        Assert.InRange(result.Rtt.Nanoseconds - (found.Phases.Sum.Ticks * 100), 0, 500);
        Assert.DoesNotContain(
            found.Hops.SelectMany(hop => hop.Headers), one => one.Value.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public void A_redirect_loop_is_told()
    {
        using var server = Redirecting(path => path == "/a" ? "/b" : "/a");

        var result = HttpRun.Probe(new HttpTarget(server.Url("/a"), Patient));

        Assert.Equal((LossReason.TooManyRedirects, "redirect loop"), (result.Loss, result.Detail));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void Redirects_without_end_stop_at_the_limit()
    {
        using var server = Redirecting(path => path + "a");

        var result = HttpRun.Probe(new HttpTarget(server.Url("/"), Patient) { MaximumRedirects = 3 });

        Assert.Equal((LossReason.TooManyRedirects, "more than 3 redirects"), (result.Loss, result.Detail));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void A_redirect_need_not_be_followed()
    {
        using var server = Redirecting(_ => "/b");

        var result = HttpRun.Probe(new HttpTarget(server.Url("/a"), Patient)
        {
            FollowsRedirects = false,
            Expectations = new HttpExpectations { Statuses = [new(302)] },
        });

        Assert.True(result.IsAnswered, result.ToString());
        Assert.Equal(0, ((HttpFindings)result.Findings!).Redirects);
    }

    [Fact]
    public void A_redirect_to_another_scheme_than_HTTP_is_not_followed()
    {
        using var server = Redirecting(_ => "ftp://127.0.0.1/");

        var result = HttpRun.Probe(new HttpTarget(server.Url("/a"), Patient));

        Assert.Equal(
            (LossReason.UnexpectedHeader, "redirects to something other than HTTP"), (result.Loss, result.Detail));
    }

    [Fact]
    public void Another_origin_gets_nothing_secret()
    {
        using var other = HttpServer.Answering(HttpServer.Ok(""));
        using var server = Redirecting(_ => other.Url("/there").ToString());

        var result = HttpRun.Probe(new HttpTarget(server.Url(), Patient)
        {
            Authorization = "Bearer hidden",
            Headers = [new("X-Key", "hidden"), new("Host", "first.test"), new("Accept", "text/plain")],
        });

        Assert.True(result.IsAnswered, result.ToString());
        var head = Assert.Single(other.Requests);
        Assert.DoesNotContain("hidden", head, StringComparison.Ordinal);
        Assert.Contains($"Host: 127.0.0.1:{other.Port}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Accept: text/plain\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_may_lead_to_TLS()
    {
        Certificates certificates = new();
        using var certificate = certificates.IssueValid("127.0.0.1");
        using var secure = HttpServer.Answering(HttpServer.Ok(""), certificate);
        using var server = Redirecting(_ => secure.Url("/").ToString());

        var result = HttpRun.Probe(new HttpTarget(server.Url("/a"), Patient)
        {
            Tls = new TlsSettings("127.0.0.1", authorities: certificates.Authorities),
        });

        Assert.True(result.IsAnswered, result.ToString());
        Assert.True(((HttpFindings)result.Findings!).IsTls);
    }

    [Theory]
    [InlineData(301, "POST", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(302, "PUT", "PUT")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(303, "HEAD", "HEAD")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "POST", "POST")]
    public void The_method_after_a_redirect_is_as_browsers_have_it(int status, string before, string after)
    {
        HttpTarget target = new(new Uri("http://host/"), Patient) { Method = before, Body = new byte[1] };

        var next = HopRequest.First(target).Redirected(target, status, new Uri("/x", UriKind.Relative));

        Assert.Equal((after, after == before && before != "HEAD" || before == "HEAD"), (next!.Method, next.HasBody));
    }

    [Fact]
    public void A_proxy_is_asked_for_plain_pages_by_their_whole_url()
    {
        using var proxy = HttpServer.Answering(HttpServer.Ok(""));

        var result = HttpRun.Probe(
            new HttpTarget(new Uri("http://nowhere.test/a"), Patient) { Proxy = proxy.Url() });

        Assert.True(result.IsAnswered, result.ToString());
        Assert.StartsWith("GET http://nowhere.test/a HTTP/1.1\r\n", proxy.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", LossReason.UnexpectedStatus, "the proxy's status 407")]
    [InlineData("garbage\r\n\r\n", LossReason.BrokenAnswer, "the proxy does not speak HTTP")]
    [InlineData("", LossReason.Closed, "the proxy gave no tunnel")]
    public void A_proxy_that_refuses_a_tunnel_is_told(string answer, LossReason loss, string detail)
    {
        using var proxy = HttpServer.Answering(answer);

        var result = HttpRun.Probe(
            new HttpTarget(new Uri("https://nowhere.test/a"), Patient) { Proxy = proxy.Url() });

        Assert.Equal((loss, detail), (result.Loss, result.Detail));
        Assert.StartsWith("CONNECT nowhere.test:443 HTTP/1.1\r\n", proxy.Requests[0], StringComparison.Ordinal);
    }

    private static HttpServer Redirecting(Func<string, string?> next) => new(async visit =>
    {
        var path = (await visit.ReadHeadAsync()).Split(' ')[1];
        await visit.SendAsync(next(path) is { } location
            ? $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            : HttpServer.Ok("here"));
    });
}
