using System.Net;
using System.Net.Sockets;
using System.Text;
using Sonde.Measurement.Http;
using Xunit;

namespace Sonde.Measurement.Tests.Http;

public sealed class HttpProberTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public void An_answer_tells_its_facts()
    {
        using var server = HttpServer.Answering(HttpServer.Ok(
            "hello", "Last-Modified: Sat, 21 Nov 2026 12:00:00 GMT\r\nSet-Cookie: secret=1\r\nX-Kind: test\r\n"));

        var result = HttpRun.Probe(new HttpTarget(server.Url("/a?token=1"), Patient));

        Assert.True(result.IsAnswered, result.ToString());
        var found = Assert.IsType<HttpFindings>(result.Findings);
        Assert.Equal(200, found.StatusCode);
        Assert.Equal(HttpVersion.Version11, found.HttpVersion);
        Assert.Equal(5, found.ContentLength);
        Assert.Equal(5, found.BodyLength);
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", found.BodyHash);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), found.LastModified);
        Assert.Equal(IPAddress.Loopback, found.Address);
        Assert.False(found.IsTls);
        Assert.Equal(["connect", "processing", "transfer"], found.Quantities.Select(one => one.Quantity));
        Assert.All(found.Quantities, one => Assert.Equal("us", one.Unit));
        var hop = Assert.Single(found.Hops);
        Assert.Equal($"http://127.0.0.1:{server.Port}/a", hop.Url);
        Assert.Contains(new("X-Kind", "test"), hop.Headers);
        Assert.Contains(new("Set-Cookie", "(left out)"), hop.Headers);
    }

    [Fact]
    public void The_sum_of_the_phases_is_the_whole()
    {
        using var server = new HttpServer(async visit =>
        {
            _ = await visit.ReadHeadAsync();
            await visit.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await visit.SendAsync("5\r\nhello\r\n");
            await visit.SendAsync("0\r\n\r\n");
        });

        var result = HttpRun.Probe(new HttpTarget(server.Url(host: "any.test"), Patient), Resolving());

        Assert.True(result.IsAnswered, result.ToString());
        var found = Assert.IsType<HttpFindings>(result.Findings);
        Assert.InRange(result.Rtt.Nanoseconds - (found.Phases.Sum.Ticks * 100), 0, 500);
        Assert.Equal(
            ["resolve", "connect", "processing", "transfer"], found.Quantities.Select(one => one.Quantity));
        Assert.InRange(found.Quantities.Sum(one => one.Value), result.Rtt.Microseconds - 3, result.Rtt.Microseconds + 3);
    }

    [Theory]
    [InlineData("resolve")]
    [InlineData("processing")]
    [InlineData("transfer")]
    public void A_delay_stands_in_its_own_phase(string phase)
    {
        using var server = new HttpServer(async visit =>
        {
            _ = await visit.ReadHeadAsync();
            await DelayAsync(phase == "processing");
            await visit.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
            await DelayAsync(phase == "transfer");
            await visit.SendAsync("hello");
        });
        var target = new HttpTarget(server.Url(host: "any.test"), Patient);

        var result = HttpRun.Probe(target, async (_, _, _) =>
        {
            await DelayAsync(phase == "resolve");
            return [IPAddress.Loopback];
        });

        var found = Assert.IsType<HttpFindings>(result.Findings);
        Assert.InRange(found.Quantities.Single(one => one.Quantity == phase).Value, 150_000, 10_000_000);
        Assert.Equal(phase, found.Quantities.MaxBy(one => one.Value).Quantity);
    }

    [Fact]
    public void A_name_that_does_not_exist_is_lost()
    {
        var result = HttpRun.Probe(
            new HttpTarget(new Uri("http://nowhere.test/"), Patient),
            (_, _, _) => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Equal(LossReason.NameNotFound, result.Loss);
        Assert.Equal([new("resolve", "us", 0, LossReason.NameNotFound)], result.Findings!.Quantities);
    }

    [Fact]
    public void A_name_without_an_address_of_the_wanted_family_is_no_loss()
    {
        var result = HttpRun.Probe(
            new HttpTarget(new Uri("http://any.test/"), Patient) { Family = HttpFamily.IPv6 }, Resolving());

        Assert.Equal(NotSentReason.NoAddress, result.NotSent);
    }

    [Fact]
    public void While_the_resolver_is_away_the_last_good_address_serves()
    {
        using var server = HttpServer.Answering(HttpServer.Ok(""));

        var result = HttpRun.Probe(
            new HttpTarget(server.Url(host: "any.test"), Patient, IPAddress.Loopback),
            (_, _, _) => throw new SocketException((int)SocketError.TryAgain));

        Assert.True(result.IsAnswered, result.ToString());
    }

    [Fact]
    public void A_resolver_that_hangs_leaves_half_of_the_time_to_the_last_good_address()
    {
        using var server = HttpServer.Answering(HttpServer.Ok(""));

        var result = HttpRun.Probe(
            new HttpTarget(server.Url(host: "any.test"), TimeSpan.FromSeconds(6), IPAddress.Loopback), Hanging);

        Assert.True(result.IsAnswered, result.ToString());
        Assert.InRange(((HttpFindings)result.Findings!).Phases.Resolve.TotalMilliseconds, 2990, 6000);
    }

    [Fact]
    public void Without_a_resolver_and_an_address_nothing_is_measured()
    {
        var result = HttpRun.Probe(new HttpTarget(new Uri("http://any.test/"), Short), Hanging);

        Assert.Equal(NotSentReason.NoAddress, result.NotSent);
    }

    [Fact]
    public void The_family_chooses_among_the_addresses()
    {
        IPAddress[] both = [IPAddress.IPv6Loopback, IPAddress.Loopback];

        Assert.Equal(IPAddress.IPv6Loopback, HttpFamily.Either.Choose(both));
        Assert.Equal(IPAddress.Loopback, HttpFamily.PreferIPv4.Choose(both));
        Assert.Equal(IPAddress.IPv6Loopback, HttpFamily.PreferIPv6.Choose(both));
        Assert.Equal(IPAddress.Loopback, HttpFamily.PreferIPv6.Choose([IPAddress.Loopback]));
        Assert.Null(HttpFamily.IPv6.Choose([IPAddress.Loopback]));
        Assert.Null(HttpFamily.Either.Choose([]));
    }

    [Fact]
    public void A_port_where_nobody_listens_refuses()
    {
        using var server = HttpServer.Answering("");
        var url = server.Url();
        server.Dispose();

        var result = HttpRun.Probe(new HttpTarget(url, Patient));

        Assert.Equal(LossReason.Refused, result.Loss);
        Assert.Equal([new("connect", "us", 0, LossReason.Refused)], result.Findings!.Quantities);
    }

    [Fact]
    public void A_machine_without_a_route_is_no_loss()
    {
        // a class E address: the kernel itself refuses to connect
        var result = HttpRun.Probe(new HttpTarget(new Uri("http://255.255.255.255/"), Patient));

        Assert.False(result.IsLost, result.ToString());
        Assert.False(result.IsAnswered);
    }

    [Fact]
    public void A_target_is_asked_once_at_a_time()
    {
        using var server = new HttpServer(visit => visit.HangAsync());
        using HttpRun run = new();
        HttpTarget target = new(server.Url(), Short);

        run.Prober.Begin(1, target);
        run.Prober.Begin(2, target);
        run.WaitFor(2);

        Assert.Equal(NotSentReason.Busy, run.Ends[2].NotSent);
        Assert.Equal(LossReason.Timeout, run.Ends[1].Loss);
    }

    [Fact]
    public void More_than_the_capacity_are_not_sent()
    {
        using var server = new HttpServer(visit => visit.HangAsync());
        using HttpRun run = new(capacity: 1);

        run.Prober.Begin(1, new HttpTarget(server.Url(), Short));
        run.Prober.Begin(2, new HttpTarget(server.Url(), Short));
        run.WaitFor(2);

        Assert.Equal(NotSentReason.TooManyInFlight, run.Ends[2].NotSent);
    }

    [Fact]
    public void Five_hundred_at_once_are_all_answered()
    {
        using var server = HttpServer.Answering(HttpServer.Ok("hello"));
        using HttpRun run = new();

        for (var ticket = 0; ticket < 500; ticket++)
        {
            run.Prober.Begin(ticket, new HttpTarget(server.Url(), TimeSpan.FromSeconds(25)));
        }
        run.WaitFor(500);

        Assert.All(run.Ends.Values, result => Assert.True(result.IsAnswered, result.ToString()));
    }

    [Fact]
    public void Disposed_while_probes_are_under_way_it_tells_nothing_more()
    {
        using var server = new HttpServer(visit => visit.HangAsync());
        using HttpRun run = new();

        for (var ticket = 0; ticket < 20; ticket++)
        {
            run.Prober.Begin(ticket, new HttpTarget(server.Url(), Short));
        }
        run.Prober.Dispose();

        Assert.Empty(run.Ends);
        Assert.Throws<ObjectDisposedException>(() => run.Prober.Advance());
    }

    [Theory]
    [InlineData("ftp://host/")]
    [InlineData("http://user:secret@host/")]
    public void A_wrong_url_is_refused(string url)
    {
        var error = Assert.Throws<ArgumentException>(() => new HttpTarget(new Uri(url), Patient));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X Y", "1")]
    [InlineData("", "1")]
    [InlineData("Content-Length", "1")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("X-Secret", "hidden\r\nHost: other")]
    public void A_wrong_header_is_refused_and_its_value_not_shown(string name, string value)
    {
        var error = Assert.Throws<ArgumentException>(
            () => new HttpTarget(new Uri("http://host/"), Patient) { Headers = [new(name, value)] });

        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_secret_is_in_the_text_of_a_target()
    {
        HttpTarget target = new(new Uri("http://host/path?token=hidden"), Patient)
        {
            Authorization = HttpTarget.BasicAuthorization("user", "hidden"),
            Headers = [new("X-Key", "hidden")],
            Body = Encoding.UTF8.GetBytes("hidden"),
        };

        Assert.Equal("GET http://host/path", target.ToString());
    }

    private static Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> Resolving() =>
        (_, _, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);

    private static async Task<IPAddress[]> Hanging(string name, AddressFamily family, CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        return [];
    }

    private static Task DelayAsync(bool isWanted) => isWanted ? Task.Delay(200) : Task.CompletedTask;
}
