using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// Echo request and reply (RFC 792 p. 14, RFC 4443 section 4). All fields are big-endian:
/// type 1, code 1, checksum 2, identifier 2, sequence 2, then the payload, whose first 16 bytes are the probe's token.
/// </summary>
internal static class EchoMessage
{
    public const int HeaderLength = 8;
    public const int TokenLength = 16;

    /// <summary>Header and token: the part of a request that differs from probe to probe.</summary>
    public const int VariableLength = HeaderLength + TokenLength;

    public const byte ReplyV4 = 0;
    public const byte RequestV4 = 8;
    public const byte RequestV6 = 128;
    public const byte ReplyV6 = 129;

    private static readonly byte[] Pattern = MakePattern();

    /// <summary>
    /// The payload behind the token for a payload of <paramref name="size"/> bytes: the same pattern in every request.
    /// </summary>
    public static ReadOnlySpan<byte> Filler(int size) => Pattern.AsSpan(0, size - TokenLength);

    /// <summary>Memory with the pattern that never moves, for gathering writes.</summary>
    public static byte[] PinnedPattern => Pattern;

    /// <summary>Writes header and token of a request.</summary>
    /// <param name="destination">At least <see cref="VariableLength"/> bytes.</param>
    /// <param name="isV6">True for ICMPv6, whose checksum the kernel fills in (RFC 3542 section 3.1).</param>
    /// <param name="name">Identifier and sequence.</param>
    /// <param name="token">The probe's secret.</param>
    /// <param name="fillerSum">The checksum's sum over the payload behind the token.</param>
    public static void WriteRequest(Span<byte> destination, bool isV6, EchoName name, Token token, ulong fillerSum)
    {
        destination[0] = isV6 ? RequestV6 : RequestV4;
        destination[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], name.Identifier);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], name.Sequence);
        MemoryMarshal.Write(destination[HeaderLength..], token);
        if (!isV6)
        {
            var sum = InternetChecksum.Sum(destination[..VariableLength]) + fillerSum;
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], InternetChecksum.Finish(sum));
        }
    }

    /// <summary>The identifier and sequence of an echo message.</summary>
    /// <param name="message">At least <see cref="HeaderLength"/> bytes.</param>
    public static EchoName ReadName(ReadOnlySpan<byte> message) => new(
        BinaryPrimitives.ReadUInt16BigEndian(message[4..]), BinaryPrimitives.ReadUInt16BigEndian(message[6..]));

    /// <summary>
    /// True when the message's payload bears the token and is, byte for byte, as long and as filled as it was sent.
    /// </summary>
    public static bool IsEchoOf(ReadOnlySpan<byte> message, Token token, int size) =>
        message.Length == HeaderLength + size
        && MemoryMarshal.Read<Token>(message[HeaderLength..]) == token
        && message[VariableLength..].SequenceEqual(Filler(size));

    /// <summary>
    /// False when an ICMP error quotes a request with another token. It may quote less than the token (RFC 792 asks for
    /// 8 bytes of the message, RFC 1812 and RFC 4443 for as much as fits), or zeros for it (RFC 4884 pads).
    /// </summary>
    /// <param name="quoted">The quoted request from its echo header on, at least that.</param>
    /// <param name="token">The token of the request that it may be.</param>
    public static bool MayQuote(ReadOnlySpan<byte> quoted, Token token) => quoted.Length < VariableLength
        || MemoryMarshal.Read<Token>(quoted[HeaderLength..]) is var found && (found == token || found == default);

    private static byte[] MakePattern()
    {
        var pattern = GC.AllocateUninitializedArray<byte>(IcmpTarget.MaxSize, pinned: true);
        for (var i = 0; i < pattern.Length; i++)
        {
            pattern[i] = (byte)(TokenLength + i);
        }
        return pattern;
    }
}

/// <summary>What an echo message is known by on the wire.</summary>
internal readonly record struct EchoName(ushort Identifier, ushort Sequence);

/// <summary>128 unguessable bits in the payload, so that nobody off the path can forge an answer.</summary>
internal readonly record struct Token(ulong High, ulong Low);
