using System.Buffers.Binary;

namespace Sonde.SystemTests.Lab;

/// <summary>
/// The checksum of RFC 1071, written for the lab alone, so that a fault of the product's own cannot hide behind it.
/// </summary>
internal static class InternetChecksum
{
    /// <summary>The checksum of the bytes; <paramref name="start"/> is a sum to begin with.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes, uint start = 0) => (ushort)~Fold(Sum(bytes) + start);

    /// <summary>
    /// The sum of the pseudo-header of RFC 8200 section 8.1 for an ICMPv6 packet with a plain 40-byte header.
    /// </summary>
    public static uint PseudoHeader(ReadOnlySpan<byte> packet) =>
        Fold(Sum(packet[8..40]) + (uint)(packet.Length - 40) + 58);

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0UL;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }
        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }

    private static uint Fold(ulong sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (uint)sum;
    }
}
