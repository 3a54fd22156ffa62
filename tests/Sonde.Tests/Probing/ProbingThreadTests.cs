using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Sonde.Probing;
using Sonde.Samples;
using Sonde.Targets;
using Xunit;

namespace Sonde.Tests.Probing;

/// <summary>What a reload does to checks that cannot be sent.</summary>
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

    private readonly SamplePipeline _pipeline =
        new([], TimeProvider.System, NullLogger<SamplePipeline>.Instance);

    private readonly ProbingThread _probing;

    public ProbingThreadTests() => _probing = new ProbingThread(
        1, "local", new SeriesCatalog(), _pipeline, _ => { }, TimeProvider.System, NullLogger<ProbingThread>.Instance)
    {
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
}
