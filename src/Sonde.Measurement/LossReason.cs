namespace Sonde.Measurement;

/// <summary>
/// Why a probe had no valid answer. The numbers are stored: they are never changed and never used again.
/// </summary>
/// <remarks>0 means answered. A new reason takes the next free number of its block of ten.</remarks>
public enum LossReason : byte
{
    /// <summary>Not lost: the target answered in time.</summary>
    None = 0,

    /// <summary>Nothing valid arrived before the timeout.</summary>
    Timeout = 1,

    /// <summary>A router has no route to the network (RFC 792 type 3 code 0, RFC 4443 type 1 code 0).</summary>
    NetworkUnreachable = 2,

    /// <summary>The last router cannot reach the host (RFC 792 type 3 code 1, RFC 4443 type 1 code 3).</summary>
    HostUnreachable = 3,

    /// <summary>The host does not speak the protocol (RFC 792 type 3 code 2).</summary>
    ProtocolUnreachable = 4,

    /// <summary>Nobody listens on the port (RFC 792 type 3 code 3, RFC 4443 type 1 code 4).</summary>
    PortUnreachable = 5,

    /// <summary>A firewall says no (RFC 1812 type 3 codes 9, 10, 13; RFC 4443 type 1 codes 1, 5, 6).</summary>
    Prohibited = 6,

    /// <summary>The packet's hop limit ran out on the way (RFC 792 type 11 code 0, RFC 4443 type 3 code 0).</summary>
    TimeToLiveExceeded = 7,

    /// <summary>The packet is too large for a link and must not be fragmented (RFC 1191, RFC 4443 type 2).</summary>
    PacketTooBig = 8,

    /// <summary>A node could not read a header (RFC 792 type 12, RFC 4443 type 4).</summary>
    ParameterProblem = 9,

    /// <summary>The host refused the connection: a TCP reset in answer to the SYN (RFC 9293).</summary>
    Refused = 20,

    /// <summary>The connection was reset after it was opened.</summary>
    Reset = 21,

    /// <summary>The peer closed the connection before the expected answer.</summary>
    Closed = 22,

    /// <summary>The resolver says that the name does not exist (RFC 1035 NXDOMAIN).</summary>
    NameNotFound = 30,

    /// <summary>The TLS handshake failed.</summary>
    TlsHandshake = 40,

    /// <summary>The server's certificate is not valid: expired, for another host, or not trusted.</summary>
    TlsCertificate = 41,

    /// <summary>The peer answered something other than what the check expects.</summary>
    UnexpectedAnswer = 50,

    /// <summary>The status of the HTTP answer is none of the expected ones.</summary>
    UnexpectedStatus = 51,

    /// <summary>A header of the HTTP answer is missing or not as expected.</summary>
    UnexpectedHeader = 52,

    /// <summary>The body of the answer is not as expected: its text, a value in it, or its size.</summary>
    UnexpectedBody = 53,

    /// <summary>The body of the answer is larger than what is read of it.</summary>
    BodyTooLarge = 54,

    /// <summary>The server redirects in a loop, or more often than is followed.</summary>
    TooManyRedirects = 55,

    /// <summary>The answer breaks its protocol: not HTTP, a broken chunk, an HTTP/2 stream that was reset.</summary>
    BrokenAnswer = 56,

    /// <summary>The name server could not find out (RFC 1035 SERVFAIL), and the check does not expect that.</summary>
    NameServerFailure = 60,

    /// <summary>The name server does not answer us (RFC 1035 REFUSED), and the check does not expect that.</summary>
    QueryRefused = 61,

    /// <summary>
    /// The name server answered with another response code than the check expects, for example NXDOMAIN.
    /// </summary>
    UnexpectedResponseCode = 62,

    /// <summary>The records of the answer are not those that the check expects.</summary>
    UnexpectedRecords = 63,

    /// <summary>
    /// The answer bears the query's id and question, and is not a message of DNS (RFC 1035 section 4).
    /// </summary>
    BrokenMessage = 64,

    /// <summary>A job called to say that it failed.</summary>
    JobFailed = 70,

    /// <summary>A job did not call in time, or began and did not end.</summary>
    Silent = 71,

    /// <summary>Lost by an imported source that does not say why.</summary>
    Unspecified = 90,
}
