using System.Buffers.Binary;
using System.Numerics;

namespace Sonde.Samples;

/// <summary>
/// The checksum of everything that is stored packed: CRC-32C (RFC 3720 appendix B.4), by the processor's own
/// instruction.
/// </summary>
internal static class Crc32C
{
    /// <summary>The checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
        foreach (var single in bytes)
        {
            sum = BitOperations.Crc32C(sum, single);
        }
        return ~sum;
    }
}
