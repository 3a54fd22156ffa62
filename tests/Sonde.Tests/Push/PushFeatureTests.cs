using System.Net;
using System.Text.Json;
using Sonde.Configuration;
using Sonde.Measurement;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Push;

public class PushFeatureTests
{
    private const string Token = "backup_token-4711";

    private static readonly Check Backup = Checks.Push("backup", Token, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "", LossReason.None)]
    [InlineData("POST", "", LossReason.None)]
    [InlineData("HEAD", "", LossReason.None)]
    [InlineData("GET", "/0", LossReason.None)]
    [InlineData("HEAD", "/1", LossReason.JobFailed)]
    [InlineData("POST", "/255", LossReason.JobFailed)]
    [InlineData("GET", "/fail", LossReason.JobFailed)]
    [InlineData("POST", "/fail", LossReason.JobFailed)]
    public async Task A_job_needs_nothing_but_its_token(string method, string path, LossReason loss)
    {
        await using var site = await RunningSite.StartAsync(WithToken());

        using var answer = await SendAsync(site, method, $"/push/{Token}{path}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(method == "HEAD" ? "" : "ok\n", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        site.Pipeline.Drain();
        Assert.Equal(loss, Assert.Single(site.Gathered.Samples).Loss);
    }

    [Fact]
    public async Task A_start_and_a_success_measure_the_job()
    {
        var time = new FixedTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var site = await RunningSite.StartAsync(WithToken(), time);

        using var start = await SendAsync(site, "GET", $"/push/{Token}/start");
        time.Now += TimeSpan.FromSeconds(3);
        using var end = await SendAsync(site, "GET", $"/push/{Token}");

        Assert.Equal(HttpStatusCode.OK, start.StatusCode);
        Assert.Equal(HttpStatusCode.OK, end.StatusCode);
        site.Pipeline.Drain();
        Assert.Equal(3_000_000, Assert.Single(site.Gathered.Samples).Value);
    }

    [Fact]
    public async Task The_duration_and_the_message_are_the_jobs_own()
    {
        var time = new FixedTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var site = await RunningSite.StartAsync(WithToken(), time);

        using var success = await SendAsync(site, "GET", $"/push/{Token}?duration=250ms&message=fine");
        time.Now += TimeSpan.FromSeconds(1);
        using var failure = await SendAsync(site, "GET", $"/push/{Token}/3?message=disk%20full%0a");

        site.Pipeline.Drain();
        Assert.Equal(250_000, site.Gathered.Samples[0].Value);
        var view = site.Live.Find(Backup.Id, time.Now.ToUnixTimeMilliseconds())!;
        Assert.Equal("exit code 3: disk full", view.LastLoss?.Words);
    }

    [Theory]
    [InlineData("/push/another_token-4711", HttpStatusCode.NotFound)]
    [InlineData("/push/another_token-4711/start", HttpStatusCode.NotFound)]
    [InlineData("/push/another_token-4711/7", HttpStatusCode.NotFound)]
    [InlineData("/push/%F0%28%8C%28", HttpStatusCode.NotFound)]
    [InlineData("/push/backup_token-4711/256", HttpStatusCode.BadRequest)]
    [InlineData("/push/backup_token-4711/done", HttpStatusCode.BadRequest)]
    [InlineData("/push/another_token-4711/done", HttpStatusCode.BadRequest)]
    [InlineData("/push/backup_token-4711?duration=soon", HttpStatusCode.BadRequest)]
    [InlineData("/push/backup_token-4711?duration=", HttpStatusCode.BadRequest)]
    [InlineData("/push/backup_token-4711?duration=-1", HttpStatusCode.BadRequest)]
    public async Task What_is_wrong_is_refused_in_a_sentence_without_the_token(string path, HttpStatusCode status)
    {
        await using var site = await RunningSite.StartAsync(WithToken());

        using var answer = await SendAsync(site, "GET", path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Matches("^[A-Za-z].{10,}\n$", text);
        Assert.DoesNotContain("4711", text, StringComparison.Ordinal);
        site.Pipeline.Drain();
        Assert.Empty(site.Gathered.Samples);
    }

    [Fact]
    public async Task Too_many_calls_are_refused()
    {
        var time = new FixedTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var site = await RunningSite.StartAsync(WithToken(), time);

        using var first = await SendAsync(site, "GET", $"/push/{Token}");
        using var second = await SendAsync(site, "GET", $"/push/{Token}");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Fact]
    public async Task A_body_is_not_looked_at_and_a_huge_one_is_refused()
    {
        await using var site = await RunningSite.StartAsync(WithToken());

        using var huge = new HttpRequestMessage(HttpMethod.Post, $"/push/{Token}")
        {
            Content = new ByteArrayContent(new byte[70_000]),
        };
        huge.Headers.ExpectContinue = true;
        using var refused = await site.Client.SendAsync(huge, Cancelled);
        using var form = new FormUrlEncodedContent([new("duration", "never"), new("x", new string('x', 60_000))]);
        using var taken = await site.Client.PostAsync($"/push/{Token}", form, Cancelled);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task Only_known_host_names_are_answered()
    {
        await using var site = await RunningSite.StartAsync(WithToken());

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/push/{Token}");
        request.Headers.Host = "attacker.example";
        using var answer = await site.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_pages_show_the_pace_and_never_the_token()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration(Backup));
        using var call = await SendAsync(site, "GET", $"/push/{Token}?duration=2");
        site.Pipeline.Drain();

        var page = WebUtility.HtmlDecode(await site.Client.GetStringAsync("/targets/push-backup", Cancelled));
        var overview = await site.Client.GetStringAsync("/", Cancelled);
        var api = await site.Client.GetStringAsync("/api/v1/targets/push-backup", Cancelled);

        Assert.All([page, overview, api], text => Assert.DoesNotContain(Token, text, StringComparison.Ordinal));
        Assert.Contains("every 1 h, lost after 65 min of silence", page, StringComparison.Ordinal);
        Assert.Contains("/push/…", page, StringComparison.Ordinal);
        Assert.DoesNotContain("IPv4", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"address\"", overview, StringComparison.Ordinal);
        using var details = JsonDocument.Parse(api);
        Assert.Equal(300, details.RootElement.GetProperty("graceSeconds").GetDouble());
        Assert.Equal("up", details.RootElement.GetProperty("target").GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_description_of_the_API_names_the_calls()
    {
        await using var site = await RunningSite.StartAsync(Checks.Configuration(Backup));

        using var document = JsonDocument.Parse(await site.Client.GetStringAsync("/openapi/v1.json", Cancelled));

        var paths = document.RootElement.GetProperty("paths");
        Assert.All(
            ["/push/{token}", "/push/{token}/start", "/push/{token}/fail", "/push/{token}/{exitCode}"],
            path => Assert.Equal(
                ["200", "400", "404", "413", "429"],
                paths.GetProperty(path).GetProperty("post").GetProperty("responses").EnumerateObject()
                    .Select(answer => answer.Name)));
    }

    private static SondeConfiguration WithToken() => Checks.Configuration(Backup) with
    {
        Web = new WebConfiguration { Token = "token-of-the-page-4711" },
    };

    private static async Task<HttpResponseMessage> SendAsync(RunningSite site, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        return await site.Client.SendAsync(request, Cancelled);
    }
}
