using System.Globalization;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>
/// The words of DNS: types and classes of records, and response codes, as IANA's registries have them.
/// </summary>
/// <remarks>A type without a word here is written <c>TYPE65</c> (RFC 3597 section 5).</remarks>
internal static class DnsWordList
{
    private static readonly string[] Types =
    [
        "A", "AAAA", "ANY", "CAA", "CNAME", "DNAME", "DNSKEY", "DS", "HINFO", "HTTPS", "LOC", "MX", "NAPTR", "NS",
        "NSEC", "PTR", "RRSIG", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI",
    ];

    private static readonly string[] Classes = ["IN", "CH", "HS", "ANY"];

    private static readonly string[] ResponseCodes =
    [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
        "NOTAUTH", "NOTZONE", "BADVERS",
    ];

    /// <summary>The type of that word, in capitals; null when there is none.</summary>
    public static string? FindType(string word) =>
        IsNumbered(word) ? word.ToUpperInvariant() : Find(word, Types);

    /// <summary>The class of that word, in capitals; null when there is none.</summary>
    public static string? FindClass(string word) => Find(word, [.. Classes, "CHAOS"]) is { } known
        ? known == "CHAOS" ? "CH" : known
        : null;

    /// <summary>A type, in capitals.</summary>
    public static string? ReadType(Settings settings, YamlScalar written, string text) =>
        FindType(text) ?? Refuse(settings, written, text, Types, "type of record");

    /// <summary>A class, in capitals.</summary>
    public static string? ReadClass(Settings settings, YamlScalar written, string text) =>
        FindClass(text) ?? Refuse(settings, written, text, Classes, "class");

    /// <summary>A response code, in capitals.</summary>
    public static string? ReadResponseCode(Settings settings, YamlScalar written, string text) =>
        Find(text, ResponseCodes) ?? Refuse(settings, written, text, ResponseCodes, "response code");

    /// <summary>A key's word, in capitals; null when not written or wrong.</summary>
    /// <param name="settings">The mapping.</param>
    /// <param name="key">The key.</param>
    /// <param name="read">One of the above.</param>
    public static string? Read(Settings settings, string key, Func<Settings, YamlScalar, string, string?> read) =>
        settings.Node<YamlScalar>(key, "a word") is { } scalar && settings.Text(scalar, key, 20) is { } text
            ? read(settings, scalar, text)
            : null;

    /// <summary>True for a name that can be asked for: labels of 1 to 63 characters, 253 in all.</summary>
    public static bool IsName(string text) => text == "."
        || ((text.EndsWith('.') ? text[..^1] : text) is { Length: > 0 and <= 253 } name
            && name.Split('.').All(label => label.Length is > 0 and <= 63)
            && name.All(c => c is > ' ' and <= '~' and not ('\\' or '/')));

    private static bool IsNumbered(string text) => text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase)
        && ushort.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0;

    private static string? Find(string text, string[] words) =>
        Array.Find(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));

    private static string? Refuse(Settings settings, YamlScalar written, string text, string[] words, string meaning)
    {
        var nearest = NearestWord.Find(text, words);
        settings.Problems.Add(written.Place, $"{Quoted.Value(written)} is no {meaning} of DNS"
            + (nearest is null ? $"; known: {string.Join(", ", words)}" : $"; did you mean {nearest}?"));
        return null;
    }
}
