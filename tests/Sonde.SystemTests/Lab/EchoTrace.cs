using System.Buffers.Binary;

namespace Sonde.SystemTests.Lab;

/// <summary>What kind of packet it is.</summary>
internal enum EchoKind : byte
{
    Request,
    Reply,
    Error,
}

/// <summary>Tells one probe from the others.</summary>
/// <param name="IsV6">Its family.</param>
/// <param name="Host">The number of the host that it went to.</param>
/// <param name="Identifier">The identifier of the echo request.</param>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Token">The first eight bytes of its payload; 0 when it has fewer.</param>
internal readonly record struct ProbeKey(bool IsV6, ushort Host, ushort Identifier, ushort Sequence, ulong Token);

/// <summary>An echo request, a reply to one, or an error about one, as it stands in an IP packet.</summary>
internal readonly record struct EchoTrace(EchoKind Kind, ProbeKey Probe)
{
    /// <summary>Reads a packet from its IP header on. The packet may be cut.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out EchoTrace trace) =>
        TryRead(packet, isQuote: false, out trace);

    /// <summary>
    /// Where the ICMP header begins; -1 when the packet is not a whole ICMP one (other protocols, fragments).
    /// </summary>
    public static int IcmpOffset(ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= 48 && packet[0] >> 4 == 6)
        {
            return packet[6] == 58 ? 40 : -1;
        }
        var isV4 = packet.Length >= 28 && packet[0] >> 4 == 4 && packet[9] == 1;
        var isFragment = isV4 && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0;
        var offset = (packet[0] & 15) * 4;
        return isV4 && !isFragment && offset >= 20 && packet.Length >= offset + 8 ? offset : -1;
    }

    private static bool TryRead(ReadOnlySpan<byte> packet, bool isQuote, out EchoTrace trace)
    {
        trace = default;
        var offset = packet.IsEmpty ? -1 : IcmpOffset(packet);
        if (offset < 0)
        {
            return false;
        }
        var isV6 = packet[0] >> 4 == 6;
        var icmp = packet[offset..];
        var (request, reply) = isV6 ? (128, 129) : (8, 0);
        if (icmp[0] == request)
        {
            trace = new EchoTrace(EchoKind.Request, ReadProbe(isV6, packet.Slice(isV6 ? 38 : 18, 2), icmp));
            return true;
        }
        if (isQuote)
        {
            return false;
        }
        if (icmp[0] == reply)
        {
            trace = new EchoTrace(EchoKind.Reply, ReadProbe(isV6, packet.Slice(isV6 ? 22 : 14, 2), icmp));
            return true;
        }
        var found = TryRead(icmp[8..], isQuote: true, out var quoted);
        trace = new EchoTrace(EchoKind.Error, quoted.Probe);
        return found;
    }

    private static ProbeKey ReadProbe(bool isV6, ReadOnlySpan<byte> host, ReadOnlySpan<byte> icmp) => new(
        isV6,
        BinaryPrimitives.ReadUInt16BigEndian(host),
        BinaryPrimitives.ReadUInt16BigEndian(icmp[4..]),
        BinaryPrimitives.ReadUInt16BigEndian(icmp[6..]),
        icmp.Length >= 16 ? BinaryPrimitives.ReadUInt64BigEndian(icmp[8..]) : 0);
}
