using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Sonde.Configuration;
using Sonde.Observability;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Observability;

/// <summary>What is exported, a real collector takes over HTTP and over gRPC.</summary>
public sealed class OtlpTests
{
    private const string Secret = "hunter2-and-more";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpProtocol.Http)]
    [InlineData(OtlpProtocol.Grpc)]
    internal async Task Traces_metrics_and_logs_arrive_with_who_sent_them(OtlpProtocol protocol)
    {
        await using var collector = await StartAsync(protocol);
        var export = new OtlpExport(Settings(collector.Url, protocol), "kitchen", Watch(collector.Url, protocol, new()));
        using var source = new ActivitySource(OtlpExport.Name);
        using var meter = new Meter(OtlpExport.Name);

        using (var traces = export.MakeTraces())
        {
            source.StartActivity("round icmp")!.Dispose();
        }
        var trace = await NextAsync(collector, protocol, "v1/traces", "TraceService");
        using (var metrics = export.MakeMetrics())
        {
            meter.CreateCounter<long>("sonde.test").Add(3);
        }
        var metric = await NextAsync(collector, protocol, "v1/metrics", "MetricsService");
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(export.Configure)))
        {
            Say(factory.CreateLogger("Sonde.Test"));
        }
        var log = await NextAsync(collector, protocol, "v1/logs", "LogsService");

        Assert.Equal(["round icmp"], Items(trace, list: 2).Select(span => span.Text(5)));
        Assert.Contains("sonde.test", Items(metric, list: 2).Select(one => one.Text(1)));
        Assert.Equal(["the log speaks"], Items(log, list: 2).Select(record => record.All(5).Single().Text(1)));
        Assert.All([trace, metric, log], message =>
        {
            var resource = Attributes(message.All(1).Single().All(1).Single());
            Assert.Equal(("sonde", "kitchen"), (resource["service.name"], resource["sonde.vantage_point"]));
            Assert.Equal($"{Environment.MachineName}/kitchen", resource["service.instance.id"]);
        });
    }

    [Fact]
    public async Task An_outage_is_said_once_and_its_end_too()
    {
        var logger = new GatheringLogger<OtlpWatch>();
        var time = new HandTimeProvider();
        var answers = new Queue<int>([500, 500, 500, 200, 200, 503]);
        await using var collector = await HttpReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = answers.Dequeue();
            return Task.CompletedTask;
        });
        var watch = new OtlpWatch(Settings(collector.Url, OtlpProtocol.Http), time) { Logger = logger };
        using var client = watch.MakeClient();

        for (var i = 0; i < 6; i++)
        {
            time.Now += TimeSpan.FromMinutes(4);
            using var request = new HttpRequestMessage(HttpMethod.Post, collector.Url);
            using var response = client.Send(request, Token);
        }

        var url = collector.Url.AbsoluteUri;
        Assert.Equal(
            [
                $"Warning: {url} takes no telemetry, which is dropped; measuring goes on: it answers 500",
                $"Information: {url} takes telemetry again",
                $"Warning: {url} takes no telemetry, which is dropped; measuring goes on: it answers 503",
            ],
            logger.Lines);
        Assert.Equal(Secret, (await collector.Received.ReadAsync(Token)).Headers["api-key"]);
    }

    [Fact]
    public async Task A_long_outage_is_said_again_every_ten_minutes()
    {
        var logger = new GatheringLogger<OtlpWatch>();
        var time = new HandTimeProvider();
        var watch = new OtlpWatch(Settings(new Uri("http://127.0.0.1:1"), OtlpProtocol.Http), time) { Logger = logger };
        using var client = watch.MakeClient();

        for (var i = 0; i < 25; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("http://127.0.0.1:1/v1/traces", null, Token));
            time.Now += TimeSpan.FromMinutes(1);
        }

        Assert.Equal(3, logger.Lines.Count);
        Assert.All(logger.Lines, line => Assert.DoesNotContain(Secret, line));
    }

    [Fact]
    public async Task A_collector_that_refuses_by_gRPC_is_said()
    {
        var logger = new GatheringLogger<OtlpWatch>();
        await using var collector = await HttpReceiver.StartAsync(
            (context, _) =>
            {
                context.Response.Headers["grpc-status"] = "16";
                return Task.CompletedTask;
            },
            HttpProtocols.Http2);
        var export = new OtlpExport(
            Settings(collector.Url, OtlpProtocol.Grpc), "local", Watch(collector.Url, OtlpProtocol.Grpc, logger));

        using (var traces = export.MakeTraces())
        using (var source = new ActivitySource(OtlpExport.Name))
        {
            source.StartActivity("round icmp")!.Dispose();
        }

        Assert.Contains("it answers gRPC status 16", Assert.Single(logger.Lines), StringComparison.Ordinal);
    }

    private static void Say(ILogger logger) => logger.Log(LogLevel.Warning, 0, "the log speaks", null, (text, _) => text);

    private static Task<HttpReceiver> StartAsync(OtlpProtocol protocol) => protocol == OtlpProtocol.Grpc
        ? HttpReceiver.StartAsync(HttpReceiver.AcceptGrpc, HttpProtocols.Http2)
        : HttpReceiver.StartAsync((context, _) => Task.FromResult(context.Response.StatusCode = StatusCodes.Status200OK));

    private static OtlpConfiguration Settings(Uri endpoint, OtlpProtocol protocol) => new()
    {
        Endpoint = endpoint,
        Protocol = protocol,
        Headers = new RequestHeaders([("api-key", Secret)]),
        Interval = TimeSpan.FromHours(1),
    };

    private static OtlpWatch Watch(Uri endpoint, OtlpProtocol protocol, GatheringLogger<OtlpWatch> logger) =>
        new(Settings(endpoint, protocol), TimeProvider.System) { Logger = logger };

    /// <summary>The next message; over gRPC it stands behind 5 bytes of framing.</summary>
    private static async Task<ProtobufMessage> NextAsync(HttpReceiver collector, OtlpProtocol protocol, string path, string service)
    {
        var request = await collector.Received.ReadAsync(Token);
        Assert.Equal(Secret, request.Headers["api-key"]);
        Assert.Contains(protocol == OtlpProtocol.Http ? path : service, request.Path, StringComparison.Ordinal);
        return new ProtobufMessage(request.Body.AsSpan(protocol == OtlpProtocol.Grpc ? 5 : 0));
    }

    /// <summary>The spans, metrics or records of a request: resource → scope → item.</summary>
    private static IEnumerable<ProtobufMessage> Items(ProtobufMessage message, int list) =>
        message.All(1).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(list));

    private static Dictionary<string, string> Attributes(ProtobufMessage resource) =>
        resource.All(1).ToDictionary(pair => pair.Text(1), pair => pair.All(2).Single().Text(1));
}
