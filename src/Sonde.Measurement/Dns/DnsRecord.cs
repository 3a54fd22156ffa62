using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sonde.Measurement.Dns;

/// <summary>A record of an answer (RFC 1035 section 3.2.1).</summary>
internal sealed class DnsRecord
{
    private const int FixedLength = 10;
    private readonly byte[] _message;
    private readonly int _start;
    private readonly int _length;

    private DnsRecord(DnsName name, byte[] message, int fixedPart)
    {
        var part = message.AsSpan(fixedPart, FixedLength);
        (Name, _message, _start) = (name, message, fixedPart + FixedLength);
        Type = (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(part);
        Class = (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(part[2..]);
        TimeToLive = BinaryPrimitives.ReadUInt32BigEndian(part[4..]);
        _length = BinaryPrimitives.ReadUInt16BigEndian(part[8..]);
    }

    /// <summary>Whose record it is.</summary>
    public DnsName Name { get; }

    /// <summary>Its type.</summary>
    public DnsRecordType Type { get; }

    /// <summary>Its class.</summary>
    public DnsClass Class { get; }

    /// <summary>How many seconds it may be kept.</summary>
    public uint TimeToLive { get; }

    /// <summary>The serial number of a zone's start; null for other records and broken ones.</summary>
    public uint? Serial
    {
        get
        {
            var offset = _start;
            return Type == DnsRecordType.Soa && TrySkipName(ref offset) && TrySkipName(ref offset)
                && offset + 20 == _start + _length
                ? BinaryPrimitives.ReadUInt32BigEndian(_message.AsSpan(offset))
                : null;
        }
    }

    private ReadOnlySpan<byte> Contents => _message.AsSpan(_start, _length);

    /// <summary>Reads the record at <paramref name="offset"/> of a message, and moves behind it.</summary>
    public static bool TryRead(byte[] message, ref int offset, [NotNullWhen(true)] out DnsRecord? record)
    {
        record = null;
        if (!DnsName.TryRead(message, ref offset, out var name) || offset + FixedLength > message.Length)
        {
            return false;
        }
        var read = new DnsRecord(name, message, offset);
        offset = read._start + read._length;
        record = offset <= message.Length ? read : null;
        return record is not null;
    }

    /// <summary>
    /// What it says, as in a zone file: <c>10 mail.example.org.</c>. Of a type that is not understood, or not in its
    /// type's form: <c>\# 3 01abff</c>.
    /// </summary>
    public string DescribeContents()
    {
        StringBuilder text = new();
        return TryDescribe(text) ? text.ToString() : DnsText.Unknown(Contents);
    }

    /// <summary>Name, seconds, class, type and contents with a tab between each two.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}\t{TimeToLive}\t{Class.ToWord()}\t{Type.ToWord()}\t{DescribeContents()}");

    private bool TryDescribe(StringBuilder text)
    {
        switch (Type)
        {
            case DnsRecordType.A when _length == 4:
            case DnsRecordType.Aaaa when _length == 16:
                text.Append(new IPAddress(Contents));
                return true;
            case DnsRecordType.NS or DnsRecordType.Cname or DnsRecordType.AddressName:
                return TryDescribe(text, words: 0, names: 1, numbers: 0);
            case DnsRecordType.MX:
                return TryDescribe(text, words: 1, names: 1, numbers: 0);
            case DnsRecordType.Srv:
                return TryDescribe(text, words: 3, names: 1, numbers: 0);
            case DnsRecordType.Soa:
                return TryDescribe(text, words: 0, names: 2, numbers: 5);
            case DnsRecordType.Txt:
                return TryDescribeStrings(text);
            case DnsRecordType.Caa:
                return TryDescribeAuthorization(text);
            default:
                return false;
        }
    }

    /// <summary>Contents of 16-bit numbers, then names, then 32-bit numbers, and nothing behind them.</summary>
    private bool TryDescribe(StringBuilder text, int words, int names, int numbers)
    {
        var (offset, end) = (_start, _start + _length);
        for (; words > 0; words--, offset += 2)
        {
            if (offset + 2 > end)
            {
                return false;
            }
            text.Append(BinaryPrimitives.ReadUInt16BigEndian(_message.AsSpan(offset))).Append(' ');
        }
        for (; names > 0; names--)
        {
            if (!DnsName.TryRead(_message.AsSpan(0, end), ref offset, out var name))
            {
                return false;
            }
            text.Append(name).Append(' ');
        }
        for (; numbers > 0; numbers--, offset += 4)
        {
            if (offset + 4 > end)
            {
                return false;
            }
            text.Append(BinaryPrimitives.ReadUInt32BigEndian(_message.AsSpan(offset))).Append(' ');
        }
        text.Length--;   // the blank behind the last
        return offset == end;
    }

    /// <summary>Strings, each after its length (RFC 1035 section 3.3.14).</summary>
    private bool TryDescribeStrings(StringBuilder text)
    {
        var rest = Contents;
        while (!rest.IsEmpty)
        {
            if (1 + rest[0] > rest.Length)
            {
                return false;
            }
            text.Append(text.Length == 0 ? "" : " ");
            DnsText.AppendQuoted(text, rest.Slice(1, rest[0]));
            rest = rest[(1 + rest[0])..];
        }
        return text.Length > 0;
    }

    /// <summary>Flags, a word after its length, and a value to the end (RFC 8659 section 4.1).</summary>
    private bool TryDescribeAuthorization(StringBuilder text)
    {
        var contents = Contents;
        if (contents.Length < 2 || 2 + contents[1] > contents.Length)
        {
            return false;
        }
        text.Append(contents[0]).Append(' ');
        DnsText.AppendEscaped(text, contents.Slice(2, contents[1]), @"""\");
        text.Append(' ');
        DnsText.AppendQuoted(text, contents[(2 + contents[1])..]);
        return true;
    }

    private bool TrySkipName(ref int offset) =>
        DnsName.TryRead(_message.AsSpan(0, _start + _length), ref offset, out _);
}
