using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Sonde.Configuration;
using Sonde.RemoteWrite;
using Sonde.Targets;
using Sonde.Tests.Configuration;
using Sonde.Tests.Samples;
using Xunit;

namespace Sonde.Tests.RemoteWrite;

/// <summary>A writer against a real server that answers as the specification forbids and allows.</summary>
public sealed class RemoteWriterTests : IAsyncDisposable
{
    private const string Secret = "hunter2-and-more";
    private readonly Check _check = LiveLab.CheckOf("icmp-a");
    private readonly SeriesTotals _totals = new();
    private readonly HandTimeProvider _time = new();
    private readonly GatheringLogger<RemoteWriter> _logger = new();
    private readonly LiveLab _lab;
    private HttpReceiver? _receiver;
    private RemoteWriter? _writer;
    private long _round;

    public RemoteWriterTests() => _lab = new LiveLab(_check);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.StopAsync(Token);
            _writer.Dispose();
        }
        if (_receiver is not null)
        {
            await _receiver.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_request_bears_the_headers_of_the_specification_and_of_the_configuration()
    {
        await StartAsync(HttpReceiver.Accept);

        Gather();
        var request = await TakenAsync();

        Assert.Equal("/api/v1/write?tenant=a", request.Path);
        Assert.Equal("snappy", request.Headers["Content-Encoding"]);
        Assert.Equal("application/x-protobuf", request.Headers["Content-Type"]);
        Assert.Equal("0.1.0", request.Headers["X-Prometheus-Remote-Write-Version"]);
        Assert.StartsWith("sonde/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal($"Bearer {Secret}", request.Headers["Authorization"]);
        Assert.Equal("9", request.Headers["X-Scope-OrgID"]);
        Assert.DoesNotContain("traceparent", request.Headers.Keys);
        Assert.Equal(1, SentTotal(request));
    }

    [Fact]
    public async Task After_500_the_same_request_comes_again_with_longer_pauses_and_then_those_that_waited_in_order()
    {
        await StartAsync((context, number) => Answer(context, number < 3 ? 500 : 204));

        Gather();
        Gather();
        for (var seconds = 1; seconds <= 4; seconds *= 2)
        {
            await FireDelayAsync(seconds);
        }

        var totals = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            totals.Add(SentTotal(await TakenAsync()));
        }
        Assert.Equal([1, 1, 1, 1, 2], totals);
        Assert.Equal(
            ["Warning: 127.0.0.1 cannot be sent the windows; they wait and measuring goes on: 500", "Information: 127.0.0.1 answers again; what waited is being sent"],
            Log());
    }

    [Fact]
    public async Task Retry_After_of_429_is_obeyed()
    {
        await StartAsync((context, number) =>
        {
            context.Response.Headers.RetryAfter = "17";
            return Answer(context, number == 0 ? 429 : 200);
        });

        Gather();
        await FireDelayAsync(17);

        Assert.Equal(SentTotal(await TakenAsync()), SentTotal(await TakenAsync()));
    }

    [Fact]
    public async Task Retry_After_may_be_a_date()
    {
        await StartAsync((context, number) =>
        {
            context.Response.Headers.RetryAfter = _time.Now.AddSeconds(40).ToString("R");
            return Answer(context, number == 0 ? 503 : 200);
        });

        Gather();
        await FireDelayAsync(40);

        Assert.Equal(SentTotal(await TakenAsync()), SentTotal(await TakenAsync()));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(301)]
    public async Task What_is_refused_is_never_sent_again_and_said_once(int status)
    {
        await StartAsync((context, number) => Answer(context, number < 3 ? status : 204, "out of order\nsample"));

        for (var i = 1; i <= 4; i++)
        {
            Gather();
            Assert.Equal(i, SentTotal(await TakenAsync()));
        }

        await _writer!.StopAsync(Token);
        Assert.Equal([$"Error: 127.0.0.1 refuses windows, which are dropped and counted from now on: {status} out of order"], Log());
        Assert.Equal((12 + 13 + 13, null), // jitter comes with the second round
             (_writer.Status.RefusedSamples, _writer.Status.Problem));
    }

    [Fact]
    public async Task An_answer_that_repeats_our_secret_is_not_told()
    {
        await StartAsync((context, _) => Answer(context, 400, $"bad token {Secret}"));

        Gather();
        await TakenAsync();
        await _writer!.StopAsync(Token);

        Assert.Equal("400", _writer.Status.Problem);
        Assert.DoesNotContain(Log(), line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_and_tried_again()
    {
        var first = new TaskCompletionSource();
        await StartAsync((context, number) => number == 0 ? first.Task : Answer(context, 204), TimeSpan.FromMilliseconds(200));

        Gather();
        await FireDelayAsync(1);
        await TakenAsync();

        Assert.Contains("no answer within 0.2 s", Log()[0], StringComparison.Ordinal);
        first.SetResult();
    }

    [Fact]
    public async Task A_receiver_that_closes_the_connection_is_tried_again()
    {
        await StartAsync((context, number) =>
        {
            if (number == 0)
            {
                context.Abort();
            }
            return Task.CompletedTask;
        });

        Gather();
        await FireDelayAsync(1);

        Assert.Equal(SentTotal(await TakenAsync()), SentTotal(await TakenAsync()));
    }

    [Fact]
    public async Task A_receiver_that_starts_late_gets_all_that_waited()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        StartWriter(new Uri($"http://127.0.0.1:{port}/"));

        Gather();
        Gather();
        var delay = await _time.Delays.ReadAsync(Token);
        _receiver = await HttpReceiver.StartAsync(port: port);
        delay.Fire();

        Assert.Equal(1, SentTotal(await TakenAsync()));
        Assert.Equal(2, SentTotal(await TakenAsync()));
    }

    [Fact]
    public async Task Without_room_the_oldest_are_dropped_counted_and_told()
    {
        await StartAsync((context, _) => Answer(context, 500), mostWaitingBytes: 1);

        Gather();
        var delay = await _time.Delays.ReadAsync(Token);
        Gather();
        Gather();
        delay.Fire();
        await _time.Delays.ReadAsync(Token);

        Assert.True(_writer!.Status is { DroppedSamples: > 20, WaitingSamples: > 10 });
        Assert.Single(Log(), line => line.Contains("dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_clock_stands_before_the_last_time_nothing_is_told()
    {
        await StartAsync(HttpReceiver.Accept);
        Gather();
        await TakenAsync();

        _time.Now -= TimeSpan.FromMinutes(1);
        _writer!.Gather();
        _time.Now += TimeSpan.FromMinutes(2);
        _writer.Gather();

        Assert.All(
            WrittenSample.Read((await TakenAsync()).Body),
            sample => Assert.Equal(_time.Now.ToUnixTimeMilliseconds(), sample.Milliseconds));
    }

    [Fact]
    public async Task What_waits_at_the_end_is_sent()
    {
        await StartAsync(HttpReceiver.Accept);

        Gather();
        await _writer!.StopAsync(Token);

        Assert.Equal(1, SentTotal(await TakenAsync()));
        Assert.Equal(0, _writer.Status.WaitingSamples);
    }

    private async Task StartAsync(Func<HttpContext, int, Task> answer, TimeSpan? timeout = null, long mostWaitingBytes = RemoteWriter.MostWaitingBytes)
    {
        _receiver = await HttpReceiver.StartAsync(answer);
        StartWriter(new Uri(_receiver.Url, "/api/v1/write?tenant=a"), timeout, mostWaitingBytes);
    }

    private void StartWriter(Uri url, TimeSpan? timeout = null, long mostWaitingBytes = RemoteWriter.MostWaitingBytes)
    {
        var settings = new RemoteWriteConfiguration
        {
            Url = url,
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
            Headers = new RequestHeaders([("X-Scope-OrgID", "9"), ("Authorization", $"Bearer {Secret}")]),
        };
        _writer = new RemoteWriter(settings, new WindowRequests(_lab.Live, _lab.Catalog, _totals), _time, _logger, mostWaitingBytes);
        Assert.True(_writer.StartAsync(Token).IsCompletedSuccessfully);
    }

    /// <summary>Measures a round, and a second later makes the requests.</summary>
    private void Gather()
    {
        var sample = LiveLab.SampleOf(_lab.SeriesOf(_check), _round++, _time.Now.ToUnixTimeMilliseconds(), 1_000);
        _lab.Live.Take([sample], []);
        _totals.Take([sample], []);
        _time.Now += TimeSpan.FromSeconds(1);
        _writer!.Gather();
    }

    private async Task FireDelayAsync(int seconds)
    {
        var delay = await _time.Delays.ReadAsync(Token);
        Assert.Equal(TimeSpan.FromSeconds(seconds), delay.Due);
        delay.Fire();
    }

    private async Task<ReceivedRequest> TakenAsync() => await _receiver!.Received.ReadAsync(Token);

    private static double SentTotal(ReceivedRequest request) =>
        WrittenSample.Read(request.Body).Single(sample => sample.Name == "sonde_probes_sent_total").Value;

    private static Task Answer(HttpContext context, int status, string text = "")
    {
        context.Response.StatusCode = status;
        return status is 204 ? Task.CompletedTask : context.Response.WriteAsync(text);
    }

    /// <summary>The log, with the receiver's address short.</summary>
    private List<string> Log()
    {
        lock (_logger.Lines)
        {
            return [.. _logger.Lines.Select(line => System.Text.RegularExpressions.Regex.Replace(line, @"http://127\.0\.0\.1:\d+/\S*", "127.0.0.1"))];
        }
    }
}
