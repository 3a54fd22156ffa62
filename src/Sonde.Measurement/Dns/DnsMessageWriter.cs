using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sonde.Measurement.Dns;

/// <summary>Writes a message in big-endian order, without compression (RFC 1035 section 4).</summary>
/// <remarks>Header first, then questions, then records; the counts are kept as it goes.</remarks>
internal sealed class DnsMessageWriter
{
    private const int QuestionCountOffset = 4;
    private readonly List<byte> _bytes = new(64);

    /// <summary>Begins a message.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="flags">The two bytes of flags, opcode and response code, of <see cref="DnsFlags"/>.</param>
    public DnsMessageWriter(ushort id, ushort flags)
    {
        Add(id);
        Add(flags);
        _bytes.AddRange(new byte[DnsMessage.HeaderLength - _bytes.Count]);
    }

    /// <summary>Adds a question.</summary>
    public DnsMessageWriter Ask(DnsName name, DnsRecordType type, DnsClass questionClass)
    {
        Count(0);
        _bytes.AddRange(name.Wire);
        Add((ushort)type);
        Add((ushort)questionClass);
        return this;
    }

    /// <summary>Adds a record.</summary>
    /// <param name="section">1 answers, 2 authorities, 3 additional; in this order.</param>
    /// <param name="name">Whose record it is.</param>
    /// <param name="type">Its type.</param>
    /// <param name="recordClass">Its class.</param>
    /// <param name="timeToLive">In seconds.</param>
    /// <param name="contents">At most 65,535 bytes.</param>
    public DnsMessageWriter AddRecord(
        int section, DnsName name, DnsRecordType type, DnsClass recordClass, uint timeToLive,
        ReadOnlySpan<byte> contents)
    {
        Count(section);
        _bytes.AddRange(name.Wire);
        Add((ushort)type);
        Add((ushort)recordClass);
        Add((ushort)(timeToLive >> 16));
        Add((ushort)timeToLive);
        Add((ushort)contents.Length);
        _bytes.AddRange(contents);
        return this;
    }

    /// <summary>The message so far.</summary>
    public byte[] ToArray() => [.. _bytes];

    private void Add(ushort value)
    {
        _bytes.Add((byte)(value >> 8));
        _bytes.Add((byte)value);
    }

    private void Count(int section)
    {
        var count = CollectionsMarshal.AsSpan(_bytes).Slice(QuestionCountOffset + (2 * section), 2);
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + 1));
    }
}

/// <summary>The bits behind a message's id (RFC 1035 section 4.1.1).</summary>
internal static class DnsFlags
{
    public const ushort Response = 0x8000;
    public const ushort Opcode = 0x7800;
    public const ushort Authoritative = 0x0400;
    public const ushort Truncated = 0x0200;
    public const ushort RecursionDesired = 0x0100;
    public const ushort ResponseCode = 0x000F;
}
