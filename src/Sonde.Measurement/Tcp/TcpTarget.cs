using System.Net;
using System.Net.Sockets;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Tcp;

/// <summary>A port to connect to, and what must pass on the connection for the probe to count as answered.</summary>
public sealed class TcpTarget : ProbeTarget
{
    /// <summary>At most this many steps in a dialogue.</summary>
    public const int MaximumSteps = 32;

    private readonly byte[] _socketAddress;

    /// <summary>A target at <paramref name="address"/> and <paramref name="port"/>.</summary>
    /// <param name="address">IPv4 or IPv6; a link-local one with its scope.</param>
    /// <param name="port">1 to 65,535.</param>
    /// <param name="timeout">10 ms to 60 s, for handshake, TLS and dialogue together.</param>
    /// <param name="tls">Speak TLS as soon as connected; null for plain TCP.</param>
    /// <param name="dialogue">
    /// What is expected and sent then, in order; at most <see cref="MaximumSteps"/>; null for nothing.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <exception cref="ArgumentException">TLS would begin twice.</exception>
    public TcpTarget(
        IPAddress address, int port, TimeSpan timeout, TlsSettings? tls = null, IReadOnlyList<TcpStep>? dialogue = null)
        : base(address, timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromSeconds(60));
        Port = port;
        Tls = tls;
        Dialogue = dialogue is null ? [] : [.. dialogue];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Dialogue.Count, MaximumSteps, nameof(dialogue));
        if (Dialogue.Count(step => step.StartTls is not null) + (tls is null ? 0 : 1) > 1)
        {
            throw new ArgumentException("TLS begins once: with the connection or in one step.", nameof(dialogue));
        }

        var serialized = new IPEndPoint(address, port).Serialize();
        _socketAddress = serialized.Buffer[..serialized.Size].ToArray();
        SystemFamily = address.AddressFamily == AddressFamily.InterNetwork ? 2 : 10;
    }

    /// <summary>The port, 1 to 65,535.</summary>
    public int Port { get; }

    /// <summary>How TLS is spoken; null for plain TCP.</summary>
    public TlsSettings? Tls { get; }

    /// <summary>What is expected and sent on the connection, in order; empty when the handshake suffices.</summary>
    public IReadOnlyList<TcpStep> Dialogue { get; }

    /// <summary>True when more than the handshake must pass.</summary>
    internal bool HasConversation => Tls is not null || Dialogue.Count > 0;

    /// <summary>The timeout in nanoseconds.</summary>
    internal long TimeoutNanoseconds => Timeout.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>AF_INET or AF_INET6 as connect(2) wants it.</summary>
    internal int SystemFamily { get; }

    /// <summary><c>struct sockaddr_in</c> or <c>sockaddr_in6</c>, made once.</summary>
    internal ReadOnlySpan<byte> SocketAddress => _socketAddress;
}
