using System.Runtime.InteropServices;
using Sonde.Measurement.Timing;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// Sends echo requests and times the replies by the kernel's stamps: a socket for all targets of a family.
/// </summary>
/// <remarks>
/// Works with CAP_NET_RAW (raw sockets) or with ping sockets (net.ipv4.ping_group_range); with neither every probe ends
/// as not sent, and <see cref="Problem"/> says what to do. ADR 0003 tells why these sockets, ADR 0011 why these stamps.
/// </remarks>
public sealed class IcmpProber : IProber
{
    private readonly MeasurementClock _clock;
    private readonly IProbeObserver _observer;
    private readonly bool _stampTransmit;
    private readonly EchoChannel?[] _channels = new EchoChannel?[4];
    private readonly string?[] _problems = new string?[4];
    private int[] _fileDescriptors = [];

    /// <summary>Makes a prober; sockets are opened when the first target needs them.</summary>
    /// <param name="clock">The owner's clock.</param>
    /// <param name="observer">Hears how probes end.</param>
    /// <param name="stampTransmit">
    /// True (the default) to take the start from the kernel's transmit stamp; false to take it from the time of the
    /// call, which is a few microseconds early, and saves about a microsecond of processor time a probe.
    /// </param>
    public IcmpProber(MeasurementClock clock, IProbeObserver observer, bool stampTransmit = true) =>
        (_clock, _observer, _stampTransmit) = (clock, observer, stampTransmit);

    /// <summary>What was met beside answers.</summary>
    public IcmpCounters Counters { get; } = new();

    /// <summary>
    /// Why ICMP cannot be sent at all and what to do, in words; null when it can over one family at least, or was not
    /// tried.
    /// </summary>
    public string? Problem => Array.TrueForAll(_channels, channel => channel is null)
        ? Array.Find(_problems, problem => problem is not null)
        : null;

    /// <summary>
    /// They become readable when an answer has arrived: for poll(2) by an owner that wants it at once. The others need
    /// not look, for the kernel stamps what arrives. At most four, as sockets are opened.
    /// </summary>
    public ReadOnlySpan<int> FileDescriptors => _fileDescriptors;

    /// <inheritdoc/>
    public void Begin(long ticket, ProbeTarget target)
    {
        var icmp = (IcmpTarget)target;
        var place = (icmp.IsV6 ? 1 : 0) + (icmp.DontFragment ? 2 : 0);
        if (ChannelAt(place, icmp) is { } channel)
        {
            channel.Begin(ticket, icmp);
        }
        else
        {
            _observer.Ended(
                ticket, target, ProbeResult.Unmeasured(_clock.UtcNow, NotSentReason.NoPermission, _problems[place]));
        }
    }

    /// <inheritdoc/>
    public long Advance()
    {
        var next = long.MaxValue;
        foreach (var channel in _channels)
        {
            next = Math.Min(next, channel?.Advance() ?? long.MaxValue);
        }
        return next;
    }

    /// <summary>
    /// Ends all probes under way as not sent: the wall clock was stepped or the machine slept, and the kernel's stamps,
    /// which are wall-clock times, cannot time them any more.
    /// </summary>
    public void Abandon(NotSentReason reason)
    {
        foreach (var channel in _channels)
        {
            channel?.Abandon(reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel?.Dispose();
        }
    }

    /// <summary>A family and don't-fragment setting that the system refuses once is not tried again.</summary>
    private EchoChannel? ChannelAt(int place, IcmpTarget target)
    {
        if (_channels[place] is null && _problems[place] is null)
        {
            try
            {
                Open(place, target);
            }
            catch (NotSupportedException error)
            {
                _problems[place] = error.Message; // a sandbox that lets a socket be opened and not be set up
            }
        }
        return _channels[place];
    }

    private void Open(int place, IcmpTarget target)
    {
        if (IcmpSocket.TryOpen(target.IsV6, target.DontFragment, _stampTransmit, out var error) is { } socket)
        {
            _fileDescriptors = [.. _fileDescriptors, socket.Descriptor];
            _channels[place] = new EchoChannel(socket, _clock, _observer, Counters, _stampTransmit);
        }
        else
        {
            _problems[place] = Explain(target.IsV6, error);
        }
    }

    private static string Explain(bool isV6, int error) => error is ErrorNumber.NotPermitted or ErrorNumber.AccessDenied
        ? $"ICMP is not permitted for this user. Allow this program raw sockets: sudo setcap cap_net_raw+ep "
            + $"{Environment.ProcessPath} (or allow everybody ping sockets: "
            + "sudo sysctl -w net.ipv4.ping_group_range=\"0 2147483647\")"
        : $"This machine opens no ICMP socket for IPv{(isV6 ? 6 : 4)}: {Marshal.GetPInvokeErrorMessage(error)}";
}
