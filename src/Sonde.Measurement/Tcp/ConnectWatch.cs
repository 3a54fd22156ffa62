using Sonde.Measurement.Sockets;

namespace Sonde.Measurement.Tcp;

/// <summary>
/// A thread that does nothing but stamp: it sleeps until sockets become writable, reads the clock, and hands the
/// stamps over. The owner may be late then without spoiling a measurement.
/// </summary>
/// <remarks>It never touches a socket, only tokens: the owner may close any descriptor at any time.</remarks>
internal sealed class ConnectWatch : IDisposable
{
    private const ulong StopToken = ulong.MaxValue;
    private readonly CompletionQueue<Completion> _completions;
    private readonly int _epoll;
    private readonly int _stop;
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="IOException">The process may not open more files.</exception>
    public ConnectWatch(CompletionQueue<Completion> completions)
    {
        _completions = completions;
        _epoll = LibCEvents.OpenEpoll();
        _stop = LibCEvents.OpenEvent();
        if (LibCEvents.WatchReadable(_epoll, _stop, StopToken) is not 0 and var error)
        {
            throw new IOException($"epoll_ctl failed with error {error}");
        }
        _thread = new Thread(Run) { IsBackground = true, Name = "sonde tcp stamps" };
        _thread.Start();
    }

    /// <summary>Stamps the socket's becoming writable, or its failure, once.</summary>
    /// <returns>0, or the error number.</returns>
    public int Watch(int descriptor, ulong token) => LibCEvents.WatchWritableOnce(_epoll, descriptor, token);

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose()
    {
        LibCEvents.Raise(_stop);
        _thread.Join();
        _ = LibCSocket.Close(_epoll);
        _ = LibCSocket.Close(_stop);
    }

    private void Run()
    {
        Span<ulong> tokens = stackalloc ulong[64];
        while (true)
        {
            var count = LibCEvents.Wait(_epoll, tokens, out var stampedAt);
            foreach (var token in tokens[..count])
            {
                if (token == StopToken)
                {
                    return;
                }
                // It cannot be full (see Completion); if it were, the probe's deadline would look at the socket.
                _ = _completions.TryAdd(new Completion(token, stampedAt, null));
            }
            if (count > 0)
            {
                _completions.Wake();
            }
        }
    }
}
