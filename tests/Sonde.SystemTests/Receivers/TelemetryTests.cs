using Microsoft.AspNetCore.Http;
using Sonde.SystemTests.Executable;
using Sonde.Tests;
using Xunit;

namespace Sonde.SystemTests.Receivers;

/// <summary>The executable sends its own telemetry to whom sonde.yaml names, and to nobody else.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rounds_health_and_log_arrive_at_a_collector()
    {
        await using var collector = await HttpReceiver.StartAsync((context, _) => Task.FromResult(context.Response.StatusCode = StatusCodes.Status200OK));
        using var folder = new WorkFolder(
            $"telemetry: {{otlp: {{endpoint: '{collector.Url}', protocol: http, traceRatio: 1, interval: 1s}}}}\n"
            + $"defaults: {{interval: 200ms, packets: 2}}\ntargets:\n{WorkFolder.Loopback(1)}");
        var spans = new HashSet<string>();
        var metrics = new HashSet<string>();
        var lines = new List<string>();

        await using (var run = await SondeRun.StartAsync(folder, Token))
        {
            await run.AwaitFirstSamplesAsync();
            folder.Write(await File.ReadAllTextAsync(folder.ConfigurationFile, Token) + WorkFolder.Loopback(1, from: 2));
            await run.AwaitLogAsync("is in force");
            while (spans.Count < 2 || !metrics.Contains("sonde.store.append.duration") || lines.Count == 0)
            {
                Note(await collector.Received.ReadAsync(Token), spans, metrics, lines);
            }
        }

        Assert.Equal(["probe icmp", "round icmp"], spans.Order());
        Assert.Superset(
            new HashSet<string>
            {
                "sonde.probes.begun", "sonde.probes.not_sent", "sonde.rounds.missed", "sonde.probing.largest_slip",
                "sonde.store.waiting", "sonde.store.stored", "sonde.checks", "dotnet.gc.collections",
            },
            metrics);
        Assert.Contains(lines, line => line.Contains("is in force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_named_nothing_loaded_and_the_environment_names_nobody()
    {
        await using var collector = await HttpReceiver.StartAsync();
        using var folder = new WorkFolder($"targets:\n{WorkFolder.Loopback(1)}");
        await using var run = SondeRun.Launch(
            folder, ["/usr/bin/env", $"OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"],
            Token, "--listen", "127.0.0.1:0");
        await run.AwaitAddressAsync();
        await run.AwaitProgressAsync();

        var loaded = await File.ReadAllTextAsync($"/proc/{run.Process.Id}/maps", Token);

        Assert.Contains("Sonde.Measurement.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("IronSnappy", loaded, StringComparison.Ordinal);
        Assert.False(collector.Received.TryRead(out _));
    }

    [Fact]
    public async Task A_collector_that_is_away_neither_holds_up_measuring_nor_floods_the_log()
    {
        using var folder = new WorkFolder(
            $"telemetry: {{otlp: {{endpoint: 'http://127.0.0.1:{Nginx.FreePort()}', traceRatio: 1, interval: 1s}}}}\n"
            + $"defaults: {{interval: 200ms}}\ntargets:\n{WorkFolder.Loopback(3)}");
        await using var run = await SondeRun.StartAsync(folder, Token);

        await run.AwaitLogAsync("takes no telemetry, which is dropped; measuring goes on");
        for (var i = 0; i < 5; i++)
        {
            await run.AwaitProgressAsync();
        }

        Assert.Single(run.Log, line => line.Contains("telemetry", StringComparison.Ordinal));
        Assert.Equal(200, (await run.ReadyAsync()).Status);
    }

    private static void Note(ReceivedRequest request, HashSet<string> spans, HashSet<string> metrics, List<string> lines)
    {
        var items = new ProtobufMessage(request.Body).All(1).SelectMany(resource => resource.All(2)).SelectMany(scope => scope.All(2));
        switch (request.Path)
        {
            case "/v1/traces":
                spans.UnionWith(items.Select(span => span.Text(5)));
                break;
            case "/v1/metrics":
                metrics.UnionWith(items.Select(metric => metric.Text(1)));
                break;
            default:
                lines.AddRange(items.Select(record => record.All(5).Single().Text(1)));
                break;
        }
    }
}
