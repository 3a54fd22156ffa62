using System.Buffers.Binary;

namespace Sonde.Measurement.Icmp;

/// <summary>An ICMP error about one of our echo requests, as a router or the host sent it.</summary>
/// <param name="Reason">What it says.</param>
/// <param name="EchoOffset">Where in the message the quoted request's echo header begins; it is whole.</param>
/// <param name="DestinationOffset">Where in the message the quoted request's destination address lies.</param>
/// <param name="DestinationLength">
/// 4 or 16: the bytes of the destination in <paramref name="DestinationOffset"/>.
/// </param>
internal readonly record struct IcmpError(
    LossReason Reason, int EchoOffset, int DestinationOffset, int DestinationLength)
{
    private const int HeaderLength = 8;
    private const int HeaderLengthV6 = 40;
    private const byte ProtocolIcmp = 1;
    private const byte ProtocolIcmpV6 = 58;
    private const byte FragmentHeader = 44;

    /// <summary>
    /// Reads an ICMPv4 error and the echo request that it quotes: its IP header and at least 8 bytes (RFC 792, RFC
    /// 1812).
    /// </summary>
    /// <returns>False when it is no error that ends a probe, or quotes no whole echo header.</returns>
    public static bool TryReadV4(ReadOnlySpan<byte> message, out IcmpError error)
    {
        error = default;
        if (message.Length < HeaderLength + 20 || ReasonV4(message[0], message[1]) is not { } reason)
        {
            return false;
        }
        var quoted = message[HeaderLength..];
        var headerLength = (quoted[0] & 0x0f) * 4;
        if (quoted[0] >> 4 != 4 || headerLength < 20 || quoted[9] != ProtocolIcmp
            || quoted.Length < headerLength + EchoMessage.HeaderLength
            || (BinaryPrimitives.ReadUInt16BigEndian(quoted[6..]) & 0x1fff) != 0 // a later fragment has no echo header
            || quoted[headerLength] != EchoMessage.RequestV4)
        {
            return false;
        }
        error = new IcmpError(reason, HeaderLength + headerLength, HeaderLength + 16, 4);
        return true;
    }

    /// <summary>Reads an ICMPv6 error and the echo request that it quotes (RFC 4443 section 3).</summary>
    /// <returns>False when it is no error that ends a probe, or quotes no whole echo header.</returns>
    public static bool TryReadV6(ReadOnlySpan<byte> message, out IcmpError error)
    {
        error = default;
        if (message.Length < HeaderLength + HeaderLengthV6 || ReasonV6(message[0], message[1]) is not { } reason)
        {
            return false;
        }
        var quoted = message[HeaderLength..];
        var next = quoted[6];
        var offset = HeaderLengthV6;
        if (next == FragmentHeader && quoted.Length >= offset + 8)
        {
            if ((BinaryPrimitives.ReadUInt16BigEndian(quoted[(offset + 2)..]) & 0xfff8) != 0)
            {
                return false;
            }
            next = quoted[offset];
            offset += 8;
        }
        if (quoted[0] >> 4 != 6 || next != ProtocolIcmpV6 || quoted.Length < offset + EchoMessage.HeaderLength
            || quoted[offset] != EchoMessage.RequestV6)
        {
            return false;
        }
        error = new IcmpError(reason, HeaderLength + offset, HeaderLength + 24, 16);
        return true;
    }

    /// <summary>
    /// What an ICMPv4 error says (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1); null = it ends no
    /// probe.
    /// </summary>
    /// <remarks>
    /// Type 11 code 1 is not about the hop limit: the target waited in vain for pieces of the request, for 30 s and
    /// more. They were lost on the way like any packet, and the timeout says so.
    /// </remarks>
    public static LossReason? ReasonV4(byte type, byte code) => (type, code) switch
    {
        (3, 0 or 6 or 11) => LossReason.NetworkUnreachable,
        (3, 1 or 5 or 7 or 8 or 12) => LossReason.HostUnreachable,
        (3, 2) => LossReason.ProtocolUnreachable,
        (3, 3) => LossReason.PortUnreachable,
        (3, 4) => LossReason.PacketTooBig,
        (3, 9 or 10 or 13 or 14 or 15) => LossReason.Prohibited,
        (11, 0) => LossReason.TimeToLiveExceeded,
        (12, _) => LossReason.ParameterProblem,
        _ => null,
    };

    /// <summary>What an ICMPv6 error says (RFC 4443 section 3); null = it ends no probe.</summary>
    /// <remarks>Type 3 code 1 is what type 11 code 1 is over IPv4.</remarks>
    public static LossReason? ReasonV6(byte type, byte code) => (type, code) switch
    {
        (1, 0) => LossReason.NetworkUnreachable,
        (1, 2 or 3) => LossReason.HostUnreachable,
        (1, 4) => LossReason.PortUnreachable,
        (1, 1 or 5 or 6) => LossReason.Prohibited,
        (2, _) => LossReason.PacketTooBig,
        (3, 0) => LossReason.TimeToLiveExceeded,
        (4, _) => LossReason.ParameterProblem,
        _ => null,
    };
}
