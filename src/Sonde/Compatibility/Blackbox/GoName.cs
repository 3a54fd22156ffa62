using System.Text.RegularExpressions;

namespace Sonde.Compatibility.Blackbox;

/// <summary>
/// The name in a certificate in the order in which programs in Go write it, whatever the certificate's own: labels made
/// of it stay the same series.
/// </summary>
internal static partial class GoName
{
    private static readonly string[] Order =
        ["SERIALNUMBER", "CN", "POSTALCODE", "STREET", "ST", "L", "OU", "O", "C"];

    /// <summary>
    /// The parts of a name as RFC 4514 writes it, in that order; those of one type together, with a plus.
    /// </summary>
    public static string Of(string name) => string.Join(',', Part().Matches(name)
        .Select(part => part.Value).Where(part => part.Length > 0)
        .GroupBy(part => part.Split('=', 2)[0])
        .OrderBy(parts => Array.IndexOf(Order, parts.Key) is var place && place >= 0 ? place : Order.Length)
        .Select(parts => string.Join('+', parts.Reverse())));   // the certificate's own order is the reverse

    /// <summary>Up to a comma or plus that no backslash stands before.</summary>
    [GeneratedRegex(@"(?:[^\\,+]|\\.)+", RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
