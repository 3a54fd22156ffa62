using System.Buffers.Binary;
using System.Net;
using System.Text;
using Sonde.Measurement.Dns;

namespace Sonde.Measurement.Tests.Dns;

/// <summary>Makes answers as a name server would, from the bytes of a query.</summary>
internal static class Answers
{
    public const ushort Usual = 0x8180;   // a response, recursion desired and available

    public static readonly DnsName Name = Parse("example.org");

    public static readonly byte[] Address = [192, 0, 2, 1];

    public static DnsName Parse(string name) => DnsName.TryParse(name, out var parsed) ? parsed : throw new FormatException(name);

    /// <summary>An answer with one address.</summary>
    public static byte[] WithAddress(byte[] query) => Begin(query).AddRecord(
        1, Name, DnsRecordType.A, DnsClass.Internet, 3600, Address).ToArray();

    /// <summary>An answer without records.</summary>
    public static byte[] WithCode(byte[] query, int code) => Begin(query, (ushort)(Usual | code)).ToArray();

    public static byte[] Truncated(byte[] query) => Begin(query, Usual | 0x0200).ToArray();

    /// <summary>The header and the question of an answer; records can be added.</summary>
    public static DnsMessageWriter Begin(byte[] query, ushort flags = Usual)
    {
        var offset = 12;
        _ = DnsName.TryRead(query, ref offset, out var name);
        return new DnsMessageWriter(Id(query), flags).Ask(
            name!, (DnsRecordType)Word(query, offset), (DnsClass)Word(query, offset + 2));
    }

    public static byte[] WithId(byte[] message, int id)
    {
        var changed = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(changed, (ushort)id);
        return changed;
    }

    public static ushort Id(byte[] message) => Word(message, 0);

    public static ushort Word(byte[] message, int offset) => BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(offset));

    /// <summary>A message behind its length, as it goes over a connection.</summary>
    public static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    public static byte[] Text(params string[] strings) =>
        [.. strings.SelectMany(text => Encoding.Latin1.GetBytes(text).Prepend((byte)text.Length))];

    public static DnsTarget Target(
        EndPoint server, TimeSpan? timeout = null, DnsRecordType type = DnsRecordType.A,
        DnsExpectations? expectations = null) => new(
            ((IPEndPoint)server).Address, timeout ?? TimeSpan.FromSeconds(10), new DnsQuestion(Name, type),
            ((IPEndPoint)server).Port, expectations: expectations);
}
