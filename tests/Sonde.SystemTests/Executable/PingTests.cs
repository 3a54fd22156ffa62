using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sonde.SystemTests.Lab;
using Sonde.SystemTests.LabTests;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde ping</c>: what it prints and how it ends.</summary>
public sealed class PingTests(ITestOutputHelper output)
{
    private static readonly string[] Fields =
        ["target", "address", "sent", "received", "lost", "duplicates", "suspect", "lossRatio", "jitterMs", "rttMs"];

    private static readonly string[] Times = ["min", "mean", "max", "mdev", "p50", "p95", "p99"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_has_a_line_a_target_with_the_fields_of_the_contract()
    {
        var ping = await SondeCommand.RunAsync(
            Token, "ping", "-c", "3", "-i", "0.05", "--json", "127.0.0.1", "::1", "localhost");

        Assert.Equal(0, ping.ExitCode);
        Assert.Empty(ping.Errors);
        Assert.Equal(
            ["127.0.0.1", "::1", "localhost"], ping.Objects.Select(target => target.GetProperty("target").GetString()));
        Assert.All(ping.Objects, target =>
        {
            Assert.Equal(Fields, target.EnumerateObject().Select(field => field.Name));
            Assert.Equal(Times, target.GetProperty("rttMs").EnumerateObject().Select(field => field.Name));
            Assert.Equal(3, target.GetProperty("sent").GetInt32());
            Assert.Equal(3, target.GetProperty("received").GetInt32());
            Assert.Equal(0, target.GetProperty("lossRatio").GetDouble());
            Assert.InRange(target.GetProperty("rttMs").GetProperty("p50").GetDouble(), 0.001, 1_000);
        });
    }

    [Fact]
    public async Task A_thousand_addresses_of_a_file_are_answered_as_fast_as_the_socket_allows_and_none_is_lost()
    {
        using var folder = new WorkFolder();
        await File.WriteAllLinesAsync(
            folder["list"],
            ["# a comment", .. Enumerable.Range(1, 1_000).Select(n => $"127.99.{n / 250}.{(n % 250) + 1}")], Token);

        var ping = await SondeCommand.RunAsync(Token, "ping", "-f", folder["list"], "-i", "0", "-c", "6", "--json");

        Assert.Equal(0, ping.ExitCode);
        Assert.Equal(1_000, ping.Lines.Count);
        Assert.All(ping.Objects, target => Assert.Equal(
            (6, 6, 0), (Number(target, "sent"), Number(target, "received"), Number(target, "lost"))));
    }

    [Fact]
    public async Task A_port_that_listens_ends_with_0_and_a_closed_one_with_1()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));   // taken, and nobody listens

        var open = await SondeCommand.RunAsync(
            Token, "ping", "-c", "3", "-i", "0.05", "--json", $"{server.LocalEndpoint}");
        var refused = await SondeCommand.RunAsync(
            Token, "ping", "-c", "3", "-i", "0.05", "--json", $"{closed.LocalEndPoint}");
        var both = await SondeCommand.RunAsync(
            Token, "ping", "-c", "1", "-i", "0.05", "--json", $"{server.LocalEndpoint}", $"{closed.LocalEndPoint}");

        Assert.Equal((0, 3), (open.ExitCode, Number(open.Objects[0], "received")));
        Assert.Equal((1, 0), (refused.ExitCode, Number(refused.Objects[0], "received")));
        Assert.Equal(1, refused.Objects[0].GetProperty("lossRatio").GetDouble());
        Assert.All(Times, time => Assert.Equal(
            JsonValueKind.Null, refused.Objects[0].GetProperty("rttMs").GetProperty(time).ValueKind));
        Assert.Equal(JsonValueKind.Null, refused.Objects[0].GetProperty("jitterMs").ValueKind);
        Assert.Equal((1, 2), (both.ExitCode, both.Lines.Count));
    }

    [Theory]
    [InlineData("target", "ping")]
    [InlineData("-c", "ping", "-c", "-1", "127.0.0.1")]
    [InlineData("-W", "ping", "-W", "0", "127.0.0.1")]
    [InlineData("exclude", "ping", "-4", "-6", "127.0.0.1")]
    [InlineData("/nowhere/list: does not exist\n", "ping", "-f", "/nowhere/list")]
    [InlineData("'127.0.0.1:70000' has a port", "ping", "127.0.0.1", "127.0.0.1:70000")]
    [InlineData("'bad host' is not", "ping", "127.0.0.1:70000", "bad host")]
    [InlineData("a target is empty", "ping", "")]
    [InlineData("--nonsense", "ping", "--nonsense", "127.0.0.1")]
    [InlineData("wanted dns://resolver/name", "ping", "dns://127.0.0.1")]
    [InlineData("'ftp://127.0.0.1' is no address", "ping", "ftp://127.0.0.1")]
    public async Task Bad_usage_ends_with_2_and_a_sentence(string sentence, params string[] arguments)
    {
        var ping = await SondeCommand.RunAsync(Token, arguments);

        Assert.Equal((2, ""), (ping.ExitCode, ping.Output));
        Assert.Contains(sentence, ping.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ping.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reports_the_delay_the_losses_and_the_duplicates_that_the_wire_saw()
    {
        using var network = LabRun.StartOrSkip(
            new() { Others = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20)) });
        var delayed = SimulatedHost.Answering(TimeSpan.FromMilliseconds(20));
        network.Hosts[2] = delayed with { LoseEvery = 4 };
        network.Hosts[3] = delayed.WithDuplicates(2, TimeSpan.FromMilliseconds(1));
        network.Hosts[4] = SimulatedHost.Silent;
        var addresses = Enumerable.Range(1, 4).Select(n => network.Addresses.Host4(n).ToString());

        var ping = await SondeCommand.RunAsync(
            Token, ["ping", "-c", "40", "-i", "0.02", "-W", "0.5", "--json", .. addresses]);

        var truth = WireExchange.Match(network.Wire.Packets);
        Assert.Equal(1, ping.ExitCode);
        for (var host = 1; host <= 4; host++)
        {
            var told = ping.Objects[host - 1];
            var wire = truth.Where(exchange => exchange.Probe.Host == host).ToList();
            var times = wire.Select(exchange => exchange.Rtt / 1e6).OfType<double>().Order().ToList();
            Assert.Equal(40, Number(told, "sent"));
            Assert.Equal(times.Count, Number(told, "received"));
            Assert.Equal(40 - times.Count, Number(told, "lost"));
            Assert.Equal(wire.Sum(exchange => Math.Max(exchange.Replies - 1, 0)), Number(told, "duplicates"));
            if (times.Count > 0)
            {
                var median = told.GetProperty("rttMs").GetProperty("p50").GetDouble();
                output.WriteLine($"host {host}: told {median:F3} ms, wire {times[times.Count / 2]:F3} ms");
                Assert.InRange(median - times[times.Count / 2], -0.3, 0.5);
                Assert.InRange(median, 19.8, 22);
            }
        }
        Assert.Equal((10, 80), (Number(ping.Objects[1], "lost"), Number(ping.Objects[2], "duplicates")));
    }

    [Fact]
    public async Task Ctrl_C_on_an_endless_ping_prints_the_summary()
    {
        using var ping = Process.Start(SondeCommand.Describe(
            SondeExecutable.PathOrSkip(), ["ping", "-c", "0", "-i", "0.01", "--json", "127.0.0.1"], null))!;
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(ping.TotalProcessorTime > TimeSpan.FromMilliseconds(50) && HasIcmpSocket(ping)),
            "it pings", null, Token);
        Signal.Send(ping, Signal.Interrupt);

        var summary = JsonDocument.Parse(await ping.StandardOutput.ReadToEndAsync(Token)).RootElement;
        await ping.WaitForExitAsync(Token);

        Assert.Equal(0, ping.ExitCode);
        Assert.True(Number(summary, "received") > 0);
        Assert.InRange(Number(summary, "lost"), 0, 1);   // the probe that was under way
    }

    [Fact]
    public async Task The_table_for_people_goes_to_stdout()
    {
        var ping = await SondeCommand.RunAsync(Token, "ping", "-c", "2", "-i", "0.05", "127.0.0.1", "127.0.0.2");

        Assert.Equal(0, ping.ExitCode);
        Assert.Contains(ping.Lines, line => line.Contains("127.0.0.1", StringComparison.Ordinal));
        Assert.Contains(ping.Lines, line => line.Contains("127.0.0.2", StringComparison.Ordinal));
        Assert.DoesNotContain("\u001b", ping.Output, StringComparison.Ordinal);
    }

    private static long Number(JsonElement target, string field) => target.GetProperty(field).GetInt64();

    /// <summary>Whether it has a raw socket, by /proc/net/raw and its open descriptors, see proc(5).</summary>
    private static bool HasIcmpSocket(Process process)
    {
        var raw = File.ReadLines("/proc/net/raw").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[9]).ToHashSet();
        return Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/fd"))
            .Any(file => File.ResolveLinkTarget(file, false)?.Name is { } name
                && name.StartsWith("socket:[", StringComparison.Ordinal) && raw.Contains(name[8..^1]));
    }
}
