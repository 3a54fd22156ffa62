using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace Sonde.SystemTests.Executable;

/// <summary><c>sonde ping</c> of URLs and name servers, against servers that delay by a known time.</summary>
public sealed class PingPhasesTests
{
    private const double Least = 35;   // timers of .NET fire up to a tick of the coarse clock early
    private const double Most = 80;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(40);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_phases_of_a_URL_are_reported_and_the_delay_is_in_its_own()
    {
        using var folder = new WorkFolder();
        await using var plain = new PhaseServer(null, "200 OK", Delay);
        await using var secret = new PhaseServer(Certificate(folder), "200 OK", Delay);

        var ping = await SondeCommand.RunAsync(
            Token, "ping", "-k", "-c", "3", "-i", "1", "--json",
            $"http://{plain.Address}/a", $"https://{secret.Address}/a");

        Assert.Equal((0, ""), (ping.ExitCode, ping.Errors));
        Assert.All(ping.Objects, target =>
        {
            Assert.Equal((3, 3), (Number(target, "sent"), Number(target, "received")));
            Assert.Equal("127.0.0.1", target.GetProperty("address").GetString());
            Assert.InRange(Phase(target, "processing")!.Value, Least, Most);
            Assert.InRange(Phase(target, "connect")!.Value, 0.001, 30);
            Assert.Null(Phase(target, "resolve"));
        });
        Assert.Null(Phase(ping.Objects[0], "tls"));
        Assert.NotNull(Phase(ping.Objects[1], "tls"));
    }

    [Fact]
    public async Task The_first_probe_of_a_URL_is_not_slower_because_this_program_is_new()
    {
        await using var server = new PhaseServer(null, "200 OK", Delay);

        var ping = await SondeCommand.RunAsync(
            Token, "ping", "-c", "1", "--json", $"http://{server.Address}/");

        Assert.InRange(ping.Objects[0].GetProperty("rttMs").GetProperty("max").GetDouble(), Least, 150);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_loss_of_a_URL_says_its_words_and_ends_with_1()
    {
        using var folder = new WorkFolder();
        await using var refusing = new PhaseServer(null, "503 Service Unavailable", TimeSpan.Zero);
        await using var unknown = new PhaseServer(Certificate(folder), "200 OK", TimeSpan.Zero);
        await using var silent = new PhaseServer(null, "200 OK", TimeSpan.FromMinutes(1));

        var ping = await SondeCommand.RunAsync(
            Token, "ping", "-c", "1", "-W", "0.5", "--json",
            $"http://{refusing.Address}/", $"https://{unknown.Address}/", $"http://{silent.Address}/");

        Assert.Equal((1, 3), (ping.ExitCode, ping.Objects.Count));
        Assert.All(ping.Objects, target => Assert.Equal(1, Number(target, "lost")));
        Assert.Equal(
            ["status 503", "not trusted: self-signed", "no answer within 0.5 s: waiting for the first byte"],
            ping.Objects.Select(target => target.GetProperty("latestLoss").GetString()));
    }

    [Fact]
    public async Task A_name_server_is_asked_and_what_it_denies_is_lost()
    {
        await using var server = new PhaseNameServer(Delay);

        var ping = await SondeCommand.RunAsync(
            Token, "ping", "-c", "2", "-i", "0.2", "--json",
            $"dns://{server.Address}/here.test?type=TXT", $"dns://{server.Address}/nowhere.test");

        var (here, nowhere) = (ping.Objects[0], ping.Objects[1]);
        Assert.Equal((1, 2, 2), (ping.ExitCode, Number(here, "received"), Number(nowhere, "lost")));
        Assert.InRange(Phase(here, "request")!.Value, Least, Most);
        Assert.Null(Phase(here, "connect"));
        Assert.Equal("rcode NXDOMAIN", nowhere.GetProperty("latestLoss").GetString());
    }

    [Fact]
    public async Task The_table_on_a_narrow_terminal_shows_the_phases()
    {
        using var folder = new WorkFolder();
        await using var server = new PhaseServer(null, "200 OK", Delay);

        var ping = await SondeCommand.RunProgramAsync(
            "script",
            ["-qefc", $"stty cols 80 rows 40; exec {SondeExecutable.PathOrSkip()} ping -c 2 -i 0.2 http://{server.Address}/x",
                "/dev/null"],
            folder.FullPath, Token);

        Assert.Equal(0, ping.ExitCode);
        Assert.Contains("processing", ping.Output, StringComparison.Ordinal);
        Assert.Contains($"http://{server.Address}/x", ping.Output, StringComparison.Ordinal);
    }

    private static X509Certificate2 Certificate(WorkFolder folder)
    {
        TestCertificate.WriteTo(folder["cert"], folder["key"]);
        return X509Certificate2.CreateFromPemFile(folder["cert"], folder["key"]);
    }

    private static long Number(JsonElement target, string field) => target.GetProperty(field).GetInt64();

    private static double? Phase(JsonElement target, string name) =>
        target.GetProperty("phasesMs").GetProperty(name) is { ValueKind: JsonValueKind.Number } number
            ? number.GetDouble() : null;

    /// <summary>Answers each request after a delay, with TLS if it has a certificate.</summary>
    private sealed class PhaseServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly X509Certificate2? _certificate;
        private readonly TimeSpan _delay;
        private readonly byte[] _answer;
        private readonly Task _accepting;

        public PhaseServer(X509Certificate2? certificate, string status, TimeSpan delay)
        {
            (_certificate, _delay) = (certificate, delay);
            _answer = System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public EndPoint Address => _listener.LocalEndpoint;

        public int Connections { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _accepting;
            _listener.Dispose();
            _end.Dispose();
            _certificate?.Dispose();
        }

        private async Task AcceptAsync()
        {
            var answering = new List<Task>();
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    var client = await _listener.AcceptTcpClientAsync(_end.Token);
                    Connections++;
                    answering.Add(AnswerAsync(client));
                }
                catch (OperationCanceledException)
                {
                    await Task.WhenAll(answering);
                }
            }
        }

        private async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    Stream stream = client.GetStream();
                    if (_certificate is not null)
                    {
                        var tls = new SslStream(stream);
                        await tls.AuthenticateAsServerAsync(
                            new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                        stream = tls;
                    }
                    await stream.ReadExactlyAsync(new byte[1], _end.Token);
                    await Task.Delay(_delay, _end.Token);
                    await stream.WriteAsync(_answer, _end.Token);
                    while (await stream.ReadAsync(new byte[4096], _end.Token) > 0)
                    {
                        // the rest of the request, until the client goes
                    }
                }
                catch (Exception error) when (
                    error is IOException or OperationCanceledException
                        or System.Security.Authentication.AuthenticationException)
                {
                    // the client went, or the test is over
                }
            }
        }
    }

    /// <summary>Answers each query after a delay: that there is no such record, or no such name "nowhere".</summary>
    private sealed class PhaseNameServer : IAsyncDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly CancellationTokenSource _end = new();
        private readonly TimeSpan _delay;
        private readonly Task _answering;

        public PhaseNameServer(TimeSpan delay)
        {
            _delay = delay;
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _answering = AnswerAsync();
        }

        public EndPoint Address => _socket.LocalEndPoint!;

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _answering;
            _socket.Dispose();
            _end.Dispose();
        }

        private async Task AnswerAsync()
        {
            var query = new byte[512];
            try
            {
                while (true)
                {
                    var got = await _socket.ReceiveFromAsync(query, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                    await Task.Delay(_delay, _end.Token);
                    var answer = query[..got.ReceivedBytes];
                    answer[2] |= 0x80;   // an answer
                    answer[3] = answer.AsSpan().IndexOf("nowhere"u8) >= 0 ? (byte)3 : (byte)0;   // NXDOMAIN
                    await _socket.SendToAsync(answer, got.RemoteEndPoint, _end.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // the test is over
            }
        }
    }
}
