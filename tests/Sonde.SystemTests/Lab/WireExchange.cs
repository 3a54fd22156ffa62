namespace Sonde.SystemTests.Lab;

/// <summary>What truly became of one probe, by the kernel's stamps at the device.</summary>
internal sealed record WireExchange
{
    /// <summary>Which probe.</summary>
    public required ProbeKey Probe { get; init; }

    /// <summary>When the request left: nanoseconds since 1970.</summary>
    public required long SentAt { get; init; }

    /// <summary>
    /// When its first reply with the same host, identifier, sequence and token came in; null = none came.
    /// </summary>
    public long? RepliedAt { get; private set; }

    /// <summary>How many such replies came in.</summary>
    public int Replies { get; private set; }

    /// <summary>When the first ICMP error that quotes it came in; null = none came.</summary>
    public long? FailedAt { get; private set; }

    /// <summary>The true round-trip time in nanoseconds; null = no reply came.</summary>
    public long? Rtt => RepliedAt - SentAt;

    /// <summary>Puts requests and answers together.</summary>
    /// <returns>One entry for each request, in the order in which they left.</returns>
    public static IReadOnlyList<WireExchange> Match(ReadOnlySpan<WirePacket> packets)
    {
        var exchanges = new List<WireExchange>();
        var open = new Dictionary<ProbeKey, WireExchange>();
        foreach (var packet in packets)
        {
            var probe = packet.Trace.Probe;
            // an error need not quote the token, and a number may come round again
            var place = probe with { Token = 0 };
            if (packet.Trace.Kind == EchoKind.Request && packet.IsOutgoing)
            {
                open[place] = new WireExchange { Probe = probe, SentAt = packet.At };
                exchanges.Add(open[place]);
            }
            else if (open.TryGetValue(place, out var exchange) && !packet.IsOutgoing)
            {
                exchange.Take(packet);
            }
        }
        return exchanges;
    }

    private void Take(in WirePacket packet)
    {
        if (packet.Trace.Kind == EchoKind.Error)
        {
            FailedAt ??= packet.At;
        }
        else if (packet.Trace.Probe.Token == Probe.Token)
        {
            RepliedAt ??= packet.At;
            Replies++;
        }
    }
}
