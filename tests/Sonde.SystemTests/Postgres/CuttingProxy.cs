using System.Net;
using System.Net.Sockets;

namespace Sonde.SystemTests.Postgres;

/// <summary>
/// Stands before a server on 127.0.0.1. It can let the answer to a commit get lost on its way: the server has committed,
/// and whoever asked does not know.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _running = [];
    private readonly int _serverPort;
    private readonly Task _accepting;
    private int _cutsLeft;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often it cut a connection.</summary>
    public int Cuts { get; private set; }

    /// <summary>From now on swallows the next answer that ends a commit, and ends that connection.</summary>
    public void CutNextCommit() => Interlocked.Increment(ref _cutsLeft);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_running);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                _running.Add(PassAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It ends.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var asking = client;
        using var answering = new TcpClient();
        try
        {
            await answering.ConnectAsync(IPAddress.Loopback, _serverPort, _ending.Token);
            var there = asking.GetStream().CopyToAsync(answering.GetStream(), _ending.Token);
            var back = AnswerAsync(answering.GetStream(), asking.GetStream());
            await await Task.WhenAny(there, back);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // One side ended.
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        // CommandComplete with its tag, of the protocol's chapter "Message Formats"
        var committed = "COMMIT\0"u8.ToArray();
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, _ending.Token) is > 0 and var read)
        {
            if (Volatile.Read(ref _cutsLeft) > 0 && buffer.AsSpan(0, read).IndexOf(committed) >= 0)
            {
                Interlocked.Decrement(ref _cutsLeft);
                Cuts++;
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), _ending.Token);
        }
    }
}
