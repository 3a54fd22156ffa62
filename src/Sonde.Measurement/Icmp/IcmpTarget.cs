using System.Net;
using System.Net.Sockets;

namespace Sonde.Measurement.Icmp;

/// <summary>Whom to send echo requests to, and how they look.</summary>
public sealed class IcmpTarget : ProbeTarget
{
    /// <summary>The least payload: the token by which an answer is known takes 16 bytes.</summary>
    public const int MinSize = EchoMessage.TokenLength;

    /// <summary>The largest payload: IPv4's 65,535 bytes less the longest headers, rounded.</summary>
    public const int MaxSize = 65_000;

    /// <summary>Describes a target.</summary>
    /// <param name="address">IPv4 or IPv6; a link-local address with its scope.</param>
    /// <param name="timeout">How long an answer may take; 10 ms to 60 s.</param>
    /// <param name="size">Bytes of payload, 16 to 65,000.</param>
    /// <param name="timeToLive">The hop limit it leaves with, 1 to 255; null = the system's default.</param>
    /// <param name="typeOfService">DSCP and ECN, 0 to 255.</param>
    /// <param name="dontFragment">True to forbid fragmenting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of its range, or the hop limit is 0.</exception>
    public IcmpTarget(
        IPAddress address, TimeSpan timeout, int size = 56, byte? timeToLive = null, byte typeOfService = 0,
        bool dontFragment = false)
        : base(address, timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        ArgumentOutOfRangeException.ThrowIfZero(timeToLive ?? 1);
        Size = size;
        TimeToLive = timeToLive;
        TypeOfService = typeOfService;
        DontFragment = dontFragment;
        SocketAddress = new IPEndPoint(address, 0).Serialize().Buffer.ToArray();
        FillerSum = InternetChecksum.Sum(EchoMessage.Filler(size));
        TimeoutNanoseconds = timeout.Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>Bytes of payload.</summary>
    public int Size { get; }

    /// <summary>The hop limit it leaves with; null = the system's default.</summary>
    public byte? TimeToLive { get; }

    /// <summary>DSCP and ECN.</summary>
    public byte TypeOfService { get; }

    /// <summary>True when fragmenting is forbidden.</summary>
    public bool DontFragment { get; }

    internal bool IsV6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>
    /// The address as <c>struct sockaddr_in</c> (16 bytes) or <c>sockaddr_in6</c> (28 bytes). See ip(7), ipv6(7).
    /// </summary>
    internal byte[] SocketAddress { get; }

    /// <summary>
    /// The checksum's running sum over the payload behind the token, which is the same in every request.
    /// </summary>
    internal ulong FillerSum { get; }

    internal long TimeoutNanoseconds { get; }
}
