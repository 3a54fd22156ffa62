using System.Net;
using System.Net.Sockets;
using System.Text;
using Sonde.Configuration;
using Sonde.Measurement.Tcp;
using Sonde.Probing;
using Sonde.Targets;
using Sonde.Tests.Metrics;
using Xunit;

namespace Sonde.Tests.Compatibility.Blackbox;

public sealed class ProbeEndpointTests : IDisposable
{
    private const string Secret = "a-very-secret-word";
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public ProbeEndpointTests() => _server.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => _server.LocalEndpoint.ToString()!;

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_probe_is_answered_with_its_metrics(bool isOpenMetrics)
    {
        await using var site = await RunningSite.StartAsync(new SondeConfiguration());
        if (isOpenMetrics)
        {
            site.Client.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text; version=1.0.0");
        }

        var text = await GetAsync(site, $"module=tcp_connect&target={Target}");

        var read = Exposition.Read(text, isOpenMetrics);
        Assert.All(read.Families.Values, family => Assert.Equal("gauge", family.Type));
        Assert.Equal(
            "probe_dns_lookup_time_seconds probe_duration_seconds probe_failed_due_to_regex probe_ip_addr_hash "
            + "probe_ip_protocol probe_success probe_timeout_seconds", string.Join(' ', read.Families.Keys));
        Assert.Contains("\nprobe_success 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nprobe_ip_protocol 4\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_refuses_or_is_written_wrongly_is_no_success()
    {
        await using var site = await RunningSite.StartAsync(new SondeConfiguration());
        _server.Stop();

        var refused = await GetAsync(site, $"module=tcp_connect&target={Target}");
        var wrong = await GetAsync(site, "module=tcp_connect&target=127.0.0.1");

        Assert.Contains("\nprobe_success 0\n", refused, StringComparison.Ordinal);
        Assert.Contains("\nprobe_success 0\n", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("probe_ip_protocol", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_module_and_a_missing_target_are_bad_requests()
    {
        await using var site = await RunningSite.StartAsync(new SondeConfiguration());

        using var unknown = await site.Client.GetAsync($"/probe?module=nobody&target={Target}", Token);
        using var missing = await site.Client.GetAsync("/probe?module=icmp", Token);

        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Equal("Unknown module \"nobody\"\n", await unknown.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
    }

    [Fact]
    public async Task What_an_awaited_line_told_becomes_labels()
    {
        await using var site = await RunningSite.StartAsync(With(new TcpDialogueStep(@"^SSH-(\d)\.0-(?<name>.*)", null)
        {
            Labels = [new ExpectLabel("protocol", "v$1"), new ExpectLabel("server", "${2}")],
        }));
        var serving = ServeAsync("hello\r\nSSH-2.0-Nobody\r\n");

        var text = await GetAsync(site, $"module=dialogue&target={Target}");

        Assert.Contains(
            "\nprobe_expect_info{protocol=\"v2\",server=\"Nobody\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nprobe_failed_due_to_regex 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nprobe_success 1\n", text, StringComparison.Ordinal);
        await serving;
    }

    [Fact]
    public async Task A_peer_that_ends_without_the_awaited_line_fails_by_the_pattern()
    {
        await using var site = await RunningSite.StartAsync(With(new TcpDialogueStep("^SSH", null)));
        var serving = ServeAsync("hello\r\n");

        var text = await GetAsync(site, $"module=dialogue&target={Target}");

        Assert.Contains("\nprobe_failed_due_to_regex 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nprobe_success 0\n", text, StringComparison.Ordinal);
        await serving;
    }

    [Fact]
    public async Task A_stranger_needs_the_token_or_a_target_that_is_allowed()
    {
        await using var site = await RunningSite.StartAsync(
            new SondeConfiguration { Web = new WebConfiguration { Token = "0123456789abcdef" } });

        Assert.Equal(HttpStatusCode.OK, await AskAsync(site));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(site, ("X-Forwarded-For", "192.0.2.7")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(site, ("Forwarded", "for=192.0.2.7")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(site, ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(
            site, ("X-Forwarded-For", "192.0.2.7"), ("Authorization", "Bearer 0123456789abcdef")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(
            site, ("X-Forwarded-For", "192.0.2.7"), ("Authorization", "Bearer 0123456789abcdeX")));

        site.Configuration = site.Configuration with
        {
            ProbeAllow = new ProbeAllowList([], [IPNetwork.Parse("127.0.0.0/8")]),
        };

        Assert.Equal(HttpStatusCode.OK, await AskAsync(site, ("X-Forwarded-For", "192.0.2.7")));
    }

    [Fact]
    public async Task Debug_tells_all_but_secrets()
    {
        var http = ProbeModule.UnlimitedHttp with
        {
            Headers = [new HttpHeader("X-Key", Secret)],
            Authorization = Secret,
            Body = Secret,
            Method = "POST",
        };
        await using var site = await RunningSite.StartAsync(
            With(new ProbeModule { Name = "secret", Kind = CheckKind.Http, Http = http }));
        var serving = ServeAsync("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");

        var text = await GetAsync(site, $"module=secret&target={Target}&debug=true");

        Assert.Contains("status 204", text, StringComparison.Ordinal);
        Assert.Contains("\nprobe_http_status_code 204\n", text, StringComparison.Ordinal);
        Assert.Contains("header X-Key: (hidden)", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.Contains(Secret, await serving, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_so_many_probes_are_under_way()
    {
        using var probes = new OnDemandProbes(mostUnderWay: 1);
        var end = (IPEndPoint)_server.LocalEndpoint;
        var first = probes.TryBegin(
            CheckKind.Tcp, new TcpTarget(end.Address, end.Port, TimeSpan.FromSeconds(60), dialogue: [new TcpStep("^x", null)]));

        Assert.Null(probes.TryBegin(CheckKind.Tcp, new TcpTarget(end.Address, end.Port, TimeSpan.FromSeconds(60))));
        using var peer = await _server.AcceptSocketAsync(Token);
        peer.Close();
        Assert.True((await first!).Result.IsLost);
        var next = probes.TryBegin(CheckKind.Tcp, new TcpTarget(end.Address, end.Port, TimeSpan.FromSeconds(60)));

        Assert.True((await next!).Result.IsAnswered);
    }

    [Fact]
    public async Task Probes_under_way_are_cancelled_by_the_end()
    {
        var probes = new OnDemandProbes();
        var end = (IPEndPoint)_server.LocalEndpoint;
        var waiting = probes.TryBegin(
            CheckKind.Tcp, new TcpTarget(end.Address, end.Port, TimeSpan.FromSeconds(60), dialogue: [new TcpStep("^x", null)]));
        using var peer = await _server.AcceptSocketAsync(Token);

        probes.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting!);
        Assert.True(probes.TryBegin(CheckKind.Tcp, new TcpTarget(end.Address, end.Port, TimeSpan.FromSeconds(1)))!.IsCanceled);
    }

    private static SondeConfiguration With(params TcpDialogueStep[] steps) => With(new ProbeModule
    {
        Name = "dialogue",
        Kind = CheckKind.Tcp,
        Dialogue = new TcpDialogue(false, new TlsTrust(), [.. steps]),
    });

    private static SondeConfiguration With(ProbeModule module) =>
        new() { Modules = ProbeModule.Standard.SetItem(module.Name, module) };

    private static Task<string> GetAsync(RunningSite site, string query) =>
        site.Client.GetStringAsync($"/probe?{query}", Token);

    private async Task<HttpStatusCode> AskAsync(RunningSite site, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/probe?module=tcp_connect&target={Target}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await site.Client.SendAsync(request, Token);
        return answer.StatusCode;
    }

    /// <summary>Answers one connection with the text, and ends it once the peer has said something or gone.</summary>
    private async Task<string> ServeAsync(string text)
    {
        using var peer = await _server.AcceptSocketAsync(Token);
        await peer.SendAsync(Encoding.ASCII.GetBytes(text), Token);
        peer.Shutdown(SocketShutdown.Send);
        var heard = new StringBuilder();
        var room = new byte[4096];
        for (var count = await peer.ReceiveAsync(room, Token); count > 0; count = await peer.ReceiveAsync(room, Token))
        {
            heard.Append(Encoding.ASCII.GetString(room, 0, count));
        }
        return heard.ToString();
    }
}
