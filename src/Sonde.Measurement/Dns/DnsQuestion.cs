namespace Sonde.Measurement.Dns;

/// <summary>What a name server is asked.</summary>
/// <param name="Name">
/// The name; of an address for PTR: <see cref="DnsName.ForAddress"/>.
/// </param>
/// <param name="Type">The type of the records that are wanted.</param>
/// <param name="Class">Their class; default the internet.</param>
public sealed record DnsQuestion(DnsName Name, DnsRecordType Type, DnsClass Class = DnsClass.Internet)
{
    /// <summary>Whether the server is asked to ask others; default true.</summary>
    public bool IsRecursionDesired { get; init; } = true;

    /// <summary>
    /// Whether the query tells that answers of up to 1,232 bytes are welcome (EDNS, RFC 6891); default true. Without
    /// it a server truncates at 512.
    /// </summary>
    public bool HasEdns { get; init; } = true;

    /// <summary>The query with id 0.</summary>
    internal byte[] Write(ushort acceptedSize)
    {
        var query = new DnsMessageWriter(0, IsRecursionDesired ? DnsFlags.RecursionDesired : (ushort)0)
            .Ask(Name, Type, Class);
        return HasEdns
            ? query.AddRecord(3, DnsName.Root, DnsRecordType.Opt, (DnsClass)acceptedSize, 0, []).ToArray()
            : query.ToArray();
    }
}
