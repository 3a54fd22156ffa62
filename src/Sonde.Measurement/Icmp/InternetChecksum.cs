using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sonde.Measurement.Icmp;

/// <summary>
/// The checksum of IP and ICMP: the ones' complement of the ones' complement sum of 16-bit words (RFC 1071).
/// </summary>
internal static class InternetChecksum
{
    /// <summary>
    /// The checksum to put into a message whose checksum field is zero, in host order of the big-endian field.
    /// </summary>
    public static ushort Compute(ReadOnlySpan<byte> message) => Finish(Sum(message));

    /// <summary>True when a message with its checksum in place is undamaged.</summary>
    public static bool IsValid(ReadOnlySpan<byte> message) => Fold(Sum(message)) == 0xffff;

    /// <summary>The running sum of <paramref name="message"/>: sums of pieces of even length may be added.</summary>
    public static ulong Sum(ReadOnlySpan<byte> message)
    {
        // RFC 1071 section 2 (B): the sum does not depend on byte order, so words are added as they lie, four at a time
        var sum = 0UL;
        var words = MemoryMarshal.Cast<byte, uint>(message);
        foreach (var word in words)
        {
            sum += word;
        }
        var rest = message[(words.Length * sizeof(uint))..];
        if (rest.Length >= sizeof(ushort))
        {
            sum += MemoryMarshal.Read<ushort>(rest);
            rest = rest[sizeof(ushort)..];
        }
        if (rest.Length == 1)
        {
            sum += BitConverter.IsLittleEndian ? rest[0] : (uint)(rest[0] << 8);
        }
        return sum;
    }

    /// <summary>Folds a sum to the checksum to be written as a big-endian field.</summary>
    public static ushort Finish(ulong sum)
    {
        var folded = (ushort)~Fold(sum);
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded;
    }

    private static ushort Fold(ulong sum)
    {
        sum = (sum & 0xffff_ffff) + (sum >> 32);
        sum = (sum & 0xffff_ffff) + (sum >> 32);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)((sum & 0xffff) + (sum >> 16));
    }
}
