using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Sonde.Measurement.Dns;

/// <summary>What a name server answered (RFC 1035 section 4). No bytes make reading it throw.</summary>
internal sealed class DnsMessage
{
    /// <summary>Bytes of the header: id, flags, and the counts of the four sections.</summary>
    public const int HeaderLength = 12;

    private const int Sections = 3;
    private readonly List<DnsRecord>[] _sections = [[], [], []];
    private readonly ushort _flags;

    private DnsMessage(ushort flags) => _flags = flags;

    /// <summary>True when the server has the zone itself.</summary>
    public bool IsAuthoritative => (_flags & DnsFlags.Authoritative) != 0;

    /// <summary>True when records are missing because they did not fit.</summary>
    public bool IsTruncated => HasTruncatedFlag(_flags);

    /// <summary>How the server answered, with the upper bits of EDNS.</summary>
    public DnsResponseCode ResponseCode { get; private set; }

    /// <summary>The records that answer the question.</summary>
    public IReadOnlyList<DnsRecord> Answers => _sections[0];

    /// <summary>The records that name who has authority.</summary>
    public IReadOnlyList<DnsRecord> Authorities => _sections[1];

    /// <summary>Further records; EDNS's own, which belongs to the message (RFC 6891), is not among them.</summary>
    public IReadOnlyList<DnsRecord> Additionals => _sections[2];

    /// <summary>
    /// Reads a whole message. Bytes behind the last record are passed over; a section that ends early makes it broken.
    /// </summary>
    /// <param name="bytes">The message. The records refer to it: it must not change any more.</param>
    /// <param name="message">The message.</param>
    public static bool TryRead(byte[] bytes, [NotNullWhen(true)] out DnsMessage? message)
    {
        message = null;
        if (bytes.Length < HeaderLength)
        {
            return false;
        }
        var read = new DnsMessage(ReadWord(bytes, 2));
        read.ResponseCode = (DnsResponseCode)(read._flags & DnsFlags.ResponseCode);
        var offset = HeaderLength;
        for (var question = ReadWord(bytes, 4); question > 0; question--)
        {
            if (!DnsName.TryRead(bytes, ref offset, out _) || (offset += 4) > bytes.Length)
            {
                return false;
            }
        }
        for (var section = 0; section < Sections; section++)
        {
            if (!read.TryReadSection(bytes, section, ref offset))
            {
                return false;
            }
        }
        message = read;
        return true;
    }

    /// <summary>The number by which question and answer find each other.</summary>
    /// <param name="bytes">At least <see cref="HeaderLength"/> bytes.</param>
    public static ushort ReadId(ReadOnlySpan<byte> bytes) => ReadWord(bytes, 0);

    /// <summary>Whether the answer says that records are missing.</summary>
    /// <param name="bytes">At least <see cref="HeaderLength"/> bytes.</param>
    public static bool HasTruncatedFlag(ReadOnlySpan<byte> bytes) => HasTruncatedFlag(ReadWord(bytes, 2));

    /// <summary>Whether a message answers a query.</summary>
    /// <remarks>
    /// It does when it has the query's id, is a response of the same opcode, and repeats the one question, whatever the
    /// case of the letters. A server that could not read the query or does not want it may leave the question out: an
    /// error without any section counts too.
    /// </remarks>
    /// <param name="bytes">What arrived.</param>
    /// <param name="id">The query's id.</param>
    /// <param name="query">The query; its own id does not matter.</param>
    public static DnsMatch Match(ReadOnlySpan<byte> bytes, ushort id, ReadOnlySpan<byte> query)
    {
        if (bytes.Length < HeaderLength)
        {
            return DnsMatch.Malformed;
        }
        var flags = ReadWord(bytes, 2);
        if (ReadId(bytes) != id || (flags & DnsFlags.Response) == 0 || (flags & DnsFlags.Opcode) != 0)
        {
            return DnsMatch.Foreign;
        }
        if (!bytes[4..HeaderLength].ContainsAnyExcept((byte)0) && (flags & DnsFlags.ResponseCode) != 0)
        {
            return DnsMatch.Answer;
        }
        if (ReadWord(bytes, 4) != 1)
        {
            return DnsMatch.Foreign;
        }
        var (asked, answered) = (HeaderLength, HeaderLength);
        if (!DnsName.TryRead(bytes, ref answered, out var name) || answered + 4 > bytes.Length)
        {
            return DnsMatch.Malformed;
        }
        return DnsName.TryRead(query, ref asked, out var wanted) && name.Equals(wanted)
            && bytes.Slice(answered, 4).SequenceEqual(query.Slice(asked, 4))
            ? DnsMatch.Answer
            : DnsMatch.Foreign;
    }

    private static bool HasTruncatedFlag(ushort flags) => (flags & DnsFlags.Truncated) != 0;

    private bool TryReadSection(byte[] bytes, int section, ref int offset)
    {
        for (var count = ReadWord(bytes, 6 + (2 * section)); count > 0; count--)
        {
            if (!DnsRecord.TryRead(bytes, ref offset, out var record))
            {
                return false;
            }
            if (record.Type == DnsRecordType.Opt)
            {
                // The upper eight bits of the response code lie where others keep the time to live (RFC 6891 6.1.3).
                ResponseCode = (DnsResponseCode)(((int)ResponseCode & 0xF) | (int)((record.TimeToLive >> 24) << 4));
                continue;
            }
            _sections[section].Add(record);
        }
        return true;
    }

    private static ushort ReadWord(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
}

/// <summary>What a message is to a query.</summary>
internal enum DnsMatch
{
    /// <summary>Its answer.</summary>
    Answer,

    /// <summary>Another id or question, or no response at all.</summary>
    Foreign,

    /// <summary>Too short, or its question cannot be read.</summary>
    Malformed,
}
