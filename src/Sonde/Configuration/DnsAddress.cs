using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>What a <c>dns://</c> address asks (RFC 4501, with <c>&amp;</c> or <c>;</c> between its words).</summary>
/// <param name="Query">The name; null when it is not said.</param>
/// <param name="RecordType">The type of record; null when it is not said.</param>
/// <param name="Class">The class; null when it is not said.</param>
internal sealed record DnsAddress(string? Query, string? RecordType, string? Class)
{
    /// <summary>These words, over what holds around them.</summary>
    public DnsSettings Over(DnsSettings outer) => outer with
    {
        Query = Query ?? outer.Query,
        RecordType = RecordType ?? outer.RecordType,
        Class = Class ?? outer.Class,
    };

    /// <summary>Reads what follows the resolver: <c>/name?type=AAAA</c>.</summary>
    /// <returns>Null when it is right; else what is wrong.</returns>
    public static string? Parse(string rest, out DnsAddress? address)
    {
        address = null;
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var name = Uri.UnescapeDataString((mark < 0 ? rest : rest[..mark]).TrimStart('/'));
        if (name.Length > 0 && !DnsWordList.IsName(name))
        {
            return "asks for something that is no name";
        }
        string? type = null;
        string? recordClass = null;
        foreach (var pair in mark < 0 ? [] : rest[(mark + 1)..].Split('&', ';'))
        {
            var (key, value) = pair.Split('=') is [var left, var right] ? (left.ToLowerInvariant(), right) : ("", "");
            switch (key)
            {
                case "type" when DnsWordList.FindType(value) is { } known:
                    type = known;
                    break;
                case "class" when DnsWordList.FindClass(value) is { } known:
                    recordClass = known;
                    break;
                default:
                    return "has something behind its '?' that is neither type=… nor class=… with a word of DNS";
            }
        }
        address = new DnsAddress(name.Length > 0 ? name : null, type, recordClass);
        return null;
    }
}
