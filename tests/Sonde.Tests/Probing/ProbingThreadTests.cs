using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Marks;
using Sonde.Measurement;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

/// <summary>What the measuring thread tells of checks: their problems, losses and content.</summary>
public sealed class ProbingThreadTests : IDisposable
{
    /// <summary>To everybody in this network: TCP refuses that before anything leaves (RFC 1122 section 4.2.3.10).</summary>
    private static readonly Check Unroutable = Checks.Icmp("a") with
    {
        Kind = CheckKind.Tcp,
        Host = "255.255.255.255",
        Port = 80,
        Interval = TimeSpan.FromMilliseconds(100),
    };

    private readonly Channel<(CheckId Check, string? Problem)> _problems =
        Channel.CreateUnbounded<(CheckId, string?)>();

    private readonly Channel<ToldLoss> _losses = Channel.CreateUnbounded<ToldLoss>();
    private readonly Channel<Mark> _marks = Channel.CreateUnbounded<Mark>();

    private readonly SamplePipeline _pipeline =
        new([], TimeProvider.System, NullLogger<SamplePipeline>.Instance);

    private readonly ProbingThread _probing;

    public ProbingThreadTests() => _probing = new ProbingThread(
        1, "local", new SeriesCatalog(), _pipeline, mark => _marks.Writer.TryWrite(mark), TimeProvider.System,
        NullLogger<ProbingThread>.Instance)
    {
        LossTold = (_, loss) => _losses.Writer.TryWrite(loss),
        ProblemChanged = (check, problem) => _problems.Writer.TryWrite((check, problem)),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _probing.Dispose();
        _pipeline.Dispose();
    }

    [Fact]
    public async Task The_problem_of_a_check_that_a_reload_has_mended_is_over()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await _probing.StartAsync(Token);
        _probing.Apply([Unroutable]);
        Assert.Equal((Unroutable.Id, "not sent: this machine has no route to the target"), await _problems.Reader.ReadAsync(Token));

        _probing.Apply([Unroutable with { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }]);

        Assert.Equal((Unroutable.Id, null), await _problems.Reader.ReadAsync(Token));
        await _probing.StopAsync(Token);
    }

    [Fact]
    public async Task Changed_content_is_marked_and_a_loss_is_told_in_words()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var check = Web(listener);
        var serving = ServeAsync(listener, "200 OK", "200 OK", "503 Full", "200 OK");
        await _probing.StartAsync(Token);

        _probing.Apply([check]);

        var mark = await _marks.Reader.ReadAsync(Token);
        Assert.Equal((MarkKind.ContentChanged, check.Id), (mark.Kind, mark.Check!.Value));
        var loss = await _losses.Reader.ReadAsync(Token);
        Assert.Equal((LossReason.UnexpectedStatus, "status 503", true), (loss.Reason, loss.Words, loss.HasDetail));
        await serving;
        await _probing.StopAsync(Token);
    }

    [Fact]
    public async Task A_loss_with_nothing_to_add_is_told_with_what_its_reason_means()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await _probing.StartAsync(Token);

        _probing.Apply([Unroutable with { Host = "127.0.0.1", Port = port }]);

        var loss = await _losses.Reader.ReadAsync(Token);
        Assert.Equal((LossReason.Refused, "the host refused the connection"), (loss.Reason, loss.Words));
        await _probing.StopAsync(Token);
    }

    private static Check Web(TcpListener listener)
    {
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return Unroutable with
        {
            Kind = CheckKind.Http,
            Host = "127.0.0.1",
            Port = port,
            Url = new Uri($"http://127.0.0.1:{port}/"),
            Http = new HttpSettings { WatchesContent = true },
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    /// <summary>Answers one request after the other; each body is its number.</summary>
    private static async Task ServeAsync(TcpListener listener, params string[] statuses)
    {
        foreach (var (status, number) in statuses.Select((status, number) => (status, number)))
        {
            using var client = await listener.AcceptTcpClientAsync(Token);
            var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[4_096], 1, cancellationToken: Token);
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 1\r\n\r\n{number}"), Token);
            client.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(new byte[4_096], Token) > 0)
            {
                // until the other side has closed
            }
        }
    }
}
