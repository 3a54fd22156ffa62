namespace Sonde.Measurement.Icmp;

/// <summary>
/// A received packet, seen through its headers: an echo reply, an error about an echo request, or neither.
/// </summary>
/// <param name="Offset">Where the ICMP message begins in the packet.</param>
/// <param name="HopLimit">The IPv4 header's; null where the socket hides the header.</param>
/// <param name="IsReply">True for an echo reply.</param>
/// <param name="Error">The error that it is; null when it is none.</param>
internal readonly record struct EchoAnswer(int Offset, byte? HopLimit, bool IsReply, IcmpError? Error)
{
    /// <summary>
    /// Reads what a socket received: a raw IPv4 socket gives the IP header too (RFC 791), the others do not.
    /// </summary>
    /// <returns>False when the packet is damaged or too short.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, IcmpSocket socket, out EchoAnswer answer) =>
        socket.IsV6 ? TryReadV6(packet, out answer) : TryReadV4(packet, socket.Mode == IcmpSocketMode.Raw, out answer);

    /// <summary>Reads an IPv4 packet (with header) or an ICMPv4 message.</summary>
    public static bool TryReadV4(ReadOnlySpan<byte> packet, bool hasHeader, out EchoAnswer answer)
    {
        answer = default;
        var offset = hasHeader && packet.Length > 0 ? (packet[0] & 0x0f) * 4 : 0;
        if ((hasHeader && (packet.Length < 20 || offset < 20)) || packet.Length < offset + EchoMessage.HeaderLength)
        {
            return false;
        }
        var message = packet[offset..];
        if (!InternetChecksum.IsValid(message))
        {
            return false;
        }
        byte? hopLimit = hasHeader ? packet[8] : null;
        var isReply = message[0] == EchoMessage.ReplyV4 && message[1] == 0;
        answer = new EchoAnswer(offset, hopLimit, isReply, IcmpError.TryReadV4(message, out var error) ? error : null);
        return true;
    }

    /// <summary>Reads an ICMPv6 message, whose checksum the kernel has verified (RFC 3542 section 3.1).</summary>
    public static bool TryReadV6(ReadOnlySpan<byte> message, out EchoAnswer answer)
    {
        answer = default;
        if (message.Length < EchoMessage.HeaderLength)
        {
            return false;
        }
        var isReply = message[0] == EchoMessage.ReplyV6 && message[1] == 0;
        answer = new EchoAnswer(0, null, isReply, IcmpError.TryReadV6(message, out var error) ? error : null);
        return true;
    }

    /// <summary>The ICMP message within the packet it was read from.</summary>
    public ReadOnlySpan<byte> Message(ReadOnlySpan<byte> packet) => packet[Offset..];
}
