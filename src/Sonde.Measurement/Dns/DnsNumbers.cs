namespace Sonde.Measurement.Dns;

/// <summary>
/// What a record is (RFC 1035 section 3.2.2). The named ones are understood; any other number can be asked for.
/// </summary>
public enum DnsRecordType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A server of the zone.</summary>
    NS = 2,

    /// <summary>The name of which this one is an alias.</summary>
    Cname = 5,

    /// <summary>The start of a zone, with its serial number.</summary>
    Soa = 6,

    /// <summary>The name of an address: PTR.</summary>
    AddressName = 12,

    /// <summary>Where mail goes.</summary>
    MX = 15,

    /// <summary>Text.</summary>
    Txt = 16,

    /// <summary>An IPv6 address (RFC 3596).</summary>
    Aaaa = 28,

    /// <summary>Host and port of a service (RFC 2782).</summary>
    Srv = 33,

    /// <summary>What a message says about itself: EDNS (RFC 6891). Not a record that can be asked for.</summary>
    Opt = 41,

    /// <summary>Whatever the server has; many answer little on purpose (RFC 8482).</summary>
    Any = 255,

    /// <summary>Who may issue certificates (RFC 8659).</summary>
    Caa = 257,
}

/// <summary>Of which network a record is (RFC 1035 section 3.2.4); in practice the internet.</summary>
public enum DnsClass : ushort
{
    /// <summary>The internet.</summary>
    Internet = 1,

    /// <summary>Chaos: servers tell their version in it.</summary>
    Chaos = 3,

    /// <summary>Any class.</summary>
    Any = 255,
}

/// <summary>How the server answered (RFC 1035 section 4.1.1, RFC 6891 section 6.1.3); 0 to 4,095.</summary>
public enum DnsResponseCode : ushort
{
    /// <summary>The name exists; whether it has records of the type is another question.</summary>
    NoError = 0,

    /// <summary>The server did not understand the query.</summary>
    FormatError = 1,

    /// <summary>The server could not find out: SERVFAIL.</summary>
    ServerFailure = 2,

    /// <summary>The name does not exist: NXDOMAIN.</summary>
    NameError = 3,

    /// <summary>The server does not know this kind of query.</summary>
    NotImplemented = 4,

    /// <summary>The server does not answer us: REFUSED.</summary>
    Refused = 5,
}

/// <summary>How a resolver is talked to.</summary>
public enum DnsTransport
{
    /// <summary>A datagram each way (RFC 1035 section 4.2.1).</summary>
    Udp,

    /// <summary>A connection for each query (RFC 7766).</summary>
    Tcp,

    /// <summary>A connection with TLS for each query: DoT (RFC 7858).</summary>
    Tls,
}
