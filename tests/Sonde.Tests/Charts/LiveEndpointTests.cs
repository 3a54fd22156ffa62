using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Charts;

[Collection(MeasuresMemory.Name)]
public sealed class LiveEndpointTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 10, 30, 0, TimeSpan.Zero);

    private readonly Check _router = Checks.Icmp("router");
    private readonly Check _server = Checks.Icmp("server");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_follows_a_target_gets_its_samples_and_nobody_elses()
    {
        await using var site = await StartAsync();
        using var reader = await ReadAsync(site, "/api/v1/live?target=icmp-router");

        site.Measure(_server, Now.ToUnixTimeMilliseconds(), 1_000);
        site.Measure(_router, Now.ToUnixTimeMilliseconds(), 2_500);
        var next = await NextAsync(reader);

        Assert.Equal("samples", next.Name);
        var sample = Assert.Single(JsonDocument.Parse(next.Content).RootElement.EnumerateArray());
        Assert.Equal("icmp-router", sample.GetProperty("target").GetString());
        Assert.Equal(2.5, sample.GetProperty("rttMs").GetDouble());
        Assert.NotNull(next.Id);
    }

    [Fact]
    public async Task Who_follows_all_gets_the_rows_that_changed_and_the_totals()
    {
        await using var site = await StartAsync();
        using var reader = await ReadAsync(site, "/api/v1/live");

        site.Measure(_router, Now.ToUnixTimeMilliseconds(), 2_500);
        site.Stream.Tick();
        var next = await NextAsync(reader);

        Assert.Equal("targets", next.Name);
        var told = JsonDocument.Parse(next.Content).RootElement;
        var row = Assert.Single(told.GetProperty("rows").EnumerateArray());
        Assert.Equal("icmp-router", row.GetProperty("id").GetString());
        Assert.NotEqual(JsonValueKind.Null, row.GetProperty("traces").ValueKind);
        Assert.Equal(1, told.GetProperty("totals").GetProperty("up").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_that_comes_back_gets_what_it_missed(bool byHeader)
    {
        await using var site = await StartAsync();
        long id;
        using (var first = await ReadAsync(site, "/api/v1/live?target=icmp-router"))
        {
            site.Measure(_router, Now.ToUnixTimeMilliseconds(), 1_000);
            id = (await NextAsync(first)).Id!.Value;
        }

        site.Measure(_router, Now.ToUnixTimeMilliseconds() + 1, 2_000);
        using var second = byHeader
            ? await ReadAsync(site, "/api/v1/live?target=icmp-router", id)
            : await ReadAsync(site,
                string.Create(CultureInfo.InvariantCulture, $"/api/v1/live?target=icmp-router&after={id}"));
        var missed = await NextAsync(second);

        Assert.Equal("samples", missed.Name);
        Assert.Contains("\"rttMs\":2", missed.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_whose_place_is_forgotten_is_told_to_fetch_anew()
    {
        await using var site = await StartAsync();

        using var reader = await ReadAsync(site, "/api/v1/live?target=icmp-router&after=1");

        Assert.Equal("reset", (await NextAsync(reader)).Name);
    }

    [Fact]
    public async Task A_reader_that_leaves_is_forgotten()
    {
        await using var site = await StartAsync();
        using (var reader = await ReadAsync(site, "/api/v1/live?target=icmp-router&target=icmp-server&rows=all"))
        {
            Assert.Equal(3, site.Stream.ReaderCount);
        }

        while (site.Stream.ReaderCount > 0)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_reader_that_does_not_read_costs_no_memory()
    {
        await using var site = await StartAsync();
        using var socket = new TcpClient { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(site.Address.Host, site.Address.Port, Token);
        var request = "GET /api/v1/live?target=icmp-router HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
        await socket.GetStream().WriteAsync(request, Token);
        Assert.True(await socket.GetStream().ReadAsync(new byte[16], Token) > 0);
        while (site.Stream.ReaderCount == 0)
        {
            await Task.Yield();
        }

        for (var sample = 0; sample < 5_000; sample++)
        {
            site.Publish(_router, Now.ToUnixTimeMilliseconds() + sample);
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var sample = 5_000; sample < 105_000; sample++)
        {
            site.Publish(_router, Now.ToUnixTimeMilliseconds() + sample);
        }
        var after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.InRange(after - before, long.MinValue, 4_000_000);   // 100,000 events as text would be 18 MB
    }

    private Task<RunningSite> StartAsync() =>
        RunningSite.StartAsync(Checks.Configuration(_router, _server), new FixedTimeProvider(Now));

    private static async Task<StreamReader> ReadAsync(RunningSite site, string path, long? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is { } id)
        {
            request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
        }
        var answer = await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        Assert.Equal("retry: 2000", await reader.ReadLineAsync(Token));
        Assert.Equal("", await reader.ReadLineAsync(Token));
        return reader;
    }

    private static async Task<(long? Id, string? Name, string Content)> NextAsync(StreamReader reader)
    {
        (long? Id, string? Name, string Content) next = (null, null, "");
        while (await reader.ReadLineAsync(Token) is { Length: > 0 } line)
        {
            next = line.Split(": ", 2) switch
            {
                ["id", var id] => next with { Id = long.Parse(id, CultureInfo.InvariantCulture) },
                ["event", var name] => next with { Name = name },
                ["data", var content] => next with { Content = content },
                _ => throw new FormatException($"what is this: {line}"),
            };
        }
        return next;
    }
}

/// <summary>Tests that read the whole process's memory: they run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuresMemory
{
    /// <summary>The collection's name.</summary>
    public const string Name = "measures memory";
}
