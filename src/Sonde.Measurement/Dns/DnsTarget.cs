using System.Net;
using System.Net.Sockets;
using Sonde.Measurement.Tls;

namespace Sonde.Measurement.Dns;

/// <summary>A name server and what it is asked.</summary>
public sealed class DnsTarget : ProbeTarget
{
    /// <summary>The port of queries over UDP and TCP.</summary>
    public const int DefaultPort = 53;

    /// <summary>The port of queries over TLS.</summary>
    public const int DefaultTlsPort = 853;

    private const ushort AcceptedSize = 1232;   // fits an IPv6 packet that no link must fragment (DNS flag day 2020)

    private readonly byte[] _socketAddress;

    /// <summary>A question to the name server at <paramref name="address"/>.</summary>
    /// <param name="address">IPv4 or IPv6; a link-local one with its scope.</param>
    /// <param name="timeout">10 ms to 60 s, for everything together.</param>
    /// <param name="question">What it is asked.</param>
    /// <param name="port">1 to 65,535; null for 53, and for 853 over TLS.</param>
    /// <param name="transport">How it is asked; default UDP.</param>
    /// <param name="tls">How TLS is spoken; needed with <see cref="DnsTransport.Tls"/> only.</param>
    /// <param name="expectations">What an answer must be to count; null for <c>NOERROR</c>.</param>
    /// <exception cref="ArgumentException">TLS is wanted without its settings.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public DnsTarget(
        IPAddress address, TimeSpan timeout, DnsQuestion question, int? port = null,
        DnsTransport transport = DnsTransport.Udp, TlsSettings? tls = null, DnsExpectations? expectations = null)
        : base(address, timeout)
    {
        Port = port ?? (transport == DnsTransport.Tls ? DefaultTlsPort : DefaultPort);
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1, nameof(port));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, ushort.MaxValue, nameof(port));
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromSeconds(60));
        if (transport == DnsTransport.Tls && tls is null)
        {
            throw new ArgumentException("TLS needs its settings.", nameof(tls));
        }
        Question = question;
        Transport = transport;
        Tls = transport == DnsTransport.Tls ? tls : null;
        Expectations = expectations ?? new DnsExpectations();
        Query = question.Write(AcceptedSize);

        var serialized = new IPEndPoint(address, Port).Serialize();
        _socketAddress = serialized.Buffer[..serialized.Size].ToArray();
        SystemFamily = address.AddressFamily == AddressFamily.InterNetwork ? 2 : 10;
    }

    /// <summary>The port, 1 to 65,535.</summary>
    public int Port { get; }

    /// <summary>What it is asked.</summary>
    public DnsQuestion Question { get; }

    /// <summary>How it is asked.</summary>
    public DnsTransport Transport { get; }

    /// <summary>How TLS is spoken; null over UDP and TCP.</summary>
    public TlsSettings? Tls { get; }

    /// <summary>What an answer must be to count.</summary>
    public DnsExpectations Expectations { get; }

    /// <summary>
    /// Whether an answer that says it is truncated is asked for again over TCP, within the same timeout; default true.
    /// False takes it as it is.
    /// </summary>
    public bool FallsBackToTcp { get; init; } = true;

    /// <summary>The query with id 0.</summary>
    internal byte[] Query { get; }

    /// <summary>The timeout in nanoseconds.</summary>
    internal long TimeoutNanoseconds => Timeout.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>AF_INET or AF_INET6 as connect(2) wants it.</summary>
    internal int SystemFamily { get; }

    /// <summary><c>struct sockaddr_in</c> or <c>sockaddr_in6</c>, made once.</summary>
    internal ReadOnlySpan<byte> SocketAddress => _socketAddress;
}
