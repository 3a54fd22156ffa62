using System.Buffers.Binary;

namespace Sonde.SystemTests.Lab;

/// <summary>Writes the packet that answers an echo request. All numbers in packets are big-endian.</summary>
internal static class AnswerWriter
{
    private const int Smallest4 = 576;    // RFC 1812 section 4.3.2.3
    private const int Smallest6 = 1280;   // RFC 4443 section 2.4 (c)

    /// <summary>The most bytes that an answer to a request of this length can have.</summary>
    public static int MaxLength(int requestLength) => Math.Max(requestLength, Smallest6);

    /// <summary>Writes <paramref name="answer"/> to the request, both from their IP headers on.</summary>
    /// <returns>The length of the answer.</returns>
    public static int Write(ReadOnlySpan<byte> request, Answer answer, LabAddresses addresses, Span<byte> packet) =>
        answer.Error is { } error
            ? WriteError(request, answer, error, addresses, packet)
            : WriteReply(request, answer, packet);

    private static int WriteReply(ReadOnlySpan<byte> request, Answer answer, Span<byte> packet)
    {
        var isV6 = request[0] >> 4 == 6;
        var offset = EchoTrace.IcmpOffset(request);
        request.CopyTo(packet);
        var (source, destination, size) = isV6 ? (8, 24, 16) : (12, 16, 4);
        request.Slice(destination, size).CopyTo(packet[source..]);
        request.Slice(source, size).CopyTo(packet[destination..]);
        if (answer.Has(AnswerFault.WrongAddress))
        {
            packet[source + size - 1] ^= 1;
        }
        packet[offset] = isV6 ? (byte)129 : (byte)0;
        Spoil(packet[offset..request.Length], answer);
        var icmpLength = answer.Has(AnswerFault.Truncated) ? answer.TruncatedLength : request.Length - offset;
        return Finish(packet[..(offset + icmpLength)], offset, answer);
    }

    private static int WriteError(
        ReadOnlySpan<byte> request, Answer answer, IcmpError error, LabAddresses addresses, Span<byte> packet)
    {
        var isV6 = request[0] >> 4 == 6;
        var header = isV6 ? 40 : 20;
        var room = (isV6 ? Smallest6 : Smallest4) - header - 8;
        var quotedHeader = EchoTrace.IcmpOffset(request);
        var wanted = answer.Has(AnswerFault.Truncated) ? answer.TruncatedLength : answer.QuotedLength;
        var quoted = packet.Slice(header + 8, Math.Min(Math.Min(request.Length, room), quotedHeader + wanted));
        packet[..header].Clear();
        packet[0] = isV6 ? (byte)0x60 : (byte)0x45;
        packet[isV6 ? 6 : 9] = isV6 ? (byte)58 : (byte)1;
        var (source, destination, size) = isV6 ? (8, 24, 16) : (12, 16, 4);
        addresses.Router(isV6).TryWriteBytes(packet[source..], out _);
        request.Slice(source, size).CopyTo(packet[destination..]);
        packet[header] = isV6 ? error.Type6 : error.Type4;
        packet[header + 1] = isV6 ? error.Code6 : error.Code4;
        BinaryPrimitives.WriteUInt32BigEndian(packet[(header + 4)..], error.Parameter);
        request[..quoted.Length].CopyTo(quoted);
        Spoil(quoted[quotedHeader..], answer);
        if (answer.Has(AnswerFault.WrongAddress))
        {
            quoted[destination + size - 1] ^= 1;
        }
        return Finish(packet[..(header + 8 + quoted.Length)], header, answer);
    }

    private static void Spoil(Span<byte> echo, Answer answer)
    {
        if (answer.Has(AnswerFault.WrongIdentifier))
        {
            echo[5] ^= 0xff;
        }
        if (answer.Has(AnswerFault.WrongSequence))
        {
            echo[7] ^= 0xff;
        }
        if (answer.Has(AnswerFault.WrongToken))
        {
            foreach (ref var value in echo[8..Math.Min(24, echo.Length)])
            {
                value ^= 0xff;
            }
        }
        if (answer.Has(AnswerFault.WrongTail) && echo.Length > 8)
        {
            echo[^1] ^= 0xff;
        }
    }

    /// <summary>Fills in the lengths, the hop limit and the checksums.</summary>
    private static int Finish(Span<byte> packet, int offset, Answer answer)
    {
        var isV6 = packet[0] >> 4 == 6;
        if (isV6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - 40));
            packet[7] = answer.TimeToLive;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
            packet[8] = answer.TimeToLive;
            packet.Slice(10, 2).Clear();
            BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Of(packet[..offset]));
        }
        var icmp = packet[offset..];
        if (icmp.Length >= 4)
        {
            icmp.Slice(2, 2).Clear();
            var checksum = InternetChecksum.Of(icmp, isV6 ? InternetChecksum.PseudoHeader(packet) : 0);
            var wrong = answer.Has(AnswerFault.BadChecksum) ? (ushort)0x5a5a : (ushort)0;
            BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], (ushort)(checksum ^ wrong));
        }
        return packet.Length;
    }
}
