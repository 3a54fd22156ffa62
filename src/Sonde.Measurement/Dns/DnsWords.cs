using System.Globalization;

namespace Sonde.Measurement.Dns;

/// <summary>The words of types, classes and response codes, as the registries of IANA have them.</summary>
/// <remarks>
/// A type and a class without a word are <c>TYPE123</c> and <c>CLASS123</c> (RFC 3597 section 5); so is a response
/// code: <c>RCODE123</c>.
/// </remarks>
public static class DnsWords
{
    private static readonly Dictionary<ushort, string> Classes = Read("1 IN 2 CS 3 CH 4 HS 254 NONE 255 ANY");

    private static readonly Dictionary<ushort, string> Codes = Read(
        "0 NOERROR 1 FORMERR 2 SERVFAIL 3 NXDOMAIN 4 NOTIMP 5 REFUSED 6 YXDOMAIN 7 YXRRSET 8 NXRRSET 9 NOTAUTH "
        + "10 NOTZONE 16 BADVERS 17 BADKEY 18 BADTIME 19 BADMODE 20 BADNAME 21 BADALG 22 BADTRUNC 23 BADCOOKIE");

    private static readonly Dictionary<ushort, string> Types = Read(
        "1 A 2 NS 5 CNAME 6 SOA 12 PTR 13 HINFO 15 MX 16 TXT 17 RP 18 AFSDB 24 SIG 25 KEY 28 AAAA 29 LOC 33 SRV "
        + "35 NAPTR 36 KX 37 CERT 39 DNAME 41 OPT 42 APL 43 DS 44 SSHFP 45 IPSECKEY 46 RRSIG 47 NSEC 48 DNSKEY "
        + "49 DHCID 50 NSEC3 51 NSEC3PARAM 52 TLSA 53 SMIMEA 55 HIP 59 CDS 60 CDNSKEY 61 OPENPGPKEY 62 CSYNC "
        + "63 ZONEMD 64 SVCB 65 HTTPS 99 SPF 108 EUI48 109 EUI64 249 TKEY 250 TSIG 251 IXFR 252 AXFR 253 MAILB "
        + "255 ANY 256 URI 257 CAA");

    private static readonly Dictionary<string, ushort> ClassNumbers = Turn(Classes);
    private static readonly Dictionary<string, ushort> CodeNumbers = Turn(Codes);
    private static readonly Dictionary<string, ushort> TypeNumbers = Turn(Types);

    /// <summary>For example <c>AAAA</c>.</summary>
    public static string ToWord(this DnsRecordType type) => Find(Types, (ushort)type, "TYPE");

    /// <summary>For example <c>IN</c>.</summary>
    public static string ToWord(this DnsClass recordClass) => Find(Classes, (ushort)recordClass, "CLASS");

    /// <summary>For example <c>NXDOMAIN</c>.</summary>
    public static string ToWord(this DnsResponseCode code) => Find(Codes, (ushort)code, "RCODE");

    /// <summary>Reads <c>AAAA</c>, <c>aaaa</c>, <c>TYPE28</c> or <c>28</c>.</summary>
    public static bool TryParseType(string? text, out DnsRecordType type)
    {
        var isRead = TryFind(TypeNumbers, "TYPE", text, out var number);
        type = (DnsRecordType)number;
        return isRead;
    }

    /// <summary>Reads <c>IN</c>, <c>in</c>, <c>CLASS1</c> or <c>1</c>.</summary>
    public static bool TryParseClass(string? text, out DnsClass recordClass)
    {
        var isRead = TryFind(ClassNumbers, "CLASS", text, out var number);
        recordClass = (DnsClass)number;
        return isRead;
    }

    /// <summary>Reads <c>NXDOMAIN</c>, <c>nxdomain</c>, <c>RCODE3</c> or <c>3</c>; up to 4,095.</summary>
    public static bool TryParseResponseCode(string? text, out DnsResponseCode code)
    {
        var isRead = TryFind(CodeNumbers, "RCODE", text, out var number) && number < 4096;
        code = (DnsResponseCode)number;
        return isRead;
    }

    private static string Find(Dictionary<ushort, string> words, ushort number, string prefix) =>
        words.TryGetValue(number, out var word)
            ? word
            : string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    private static bool TryFind(Dictionary<string, ushort> numbers, string prefix, string? text, out ushort number)
    {
        number = 0;
        if (text is null || numbers.TryGetValue(text, out number))
        {
            return text is not null;
        }
        var digits = text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text.AsSpan(prefix.Length) : text;
        return ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static Dictionary<ushort, string> Read(string table) => table.Split(' ').Chunk(2)
        .ToDictionary(pair => ushort.Parse(pair[0], CultureInfo.InvariantCulture), pair => pair[1]);

    private static Dictionary<string, ushort> Turn(Dictionary<ushort, string> words) =>
        words.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);
}
