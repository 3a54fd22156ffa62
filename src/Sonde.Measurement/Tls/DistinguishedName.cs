using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sonde.Measurement.Tls;

/// <summary>Writes the name in a certificate as RFC 4514 says, the most specific part first.</summary>
internal static class DistinguishedName
{
    private const int LongestValue = 256;

    /// <summary>For example <c>CN=example.org,O=Example\, Inc.,C=DE</c>.</summary>
    public static string Write(X500DistinguishedName name)
    {
        StringBuilder text = new();
        foreach (var part in name.EnumerateRelativeDistinguishedNames(reversed: true))
        {
            if (part.HasMultipleElements)
            {
                continue;
            }
            text.Append(text.Length == 0 ? "" : ",").Append(NameType(part.GetSingleElementType().Value)).Append('=');
            AppendEscaped(text, part.GetSingleElementValue() ?? "");
        }
        return text.ToString();
    }

    private static string? NameType(string? objectIdentifier) => objectIdentifier switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.5" => "SERIALNUMBER",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.17" => "POSTALCODE",
        _ => objectIdentifier,
    };

    /// <summary>RFC 4514 section 2.4; what does not print becomes an escape of <see cref="PrintableText"/>.</summary>
    private static void AppendEscaped(StringBuilder text, string value)
    {
        var printable = PrintableText.Quote(value, LongestValue)[1..^1];
        for (var index = 0; index < printable.Length; index++)
        {
            var isLeading = index == 0 && printable[index] is ' ' or '#';
            var isTrailing = index == printable.Length - 1 && printable[index] == ' ';
            if (isLeading || isTrailing || printable[index] is ',' or '+' or '<' or '>' or ';')
            {
                text.Append('\\');
            }
            text.Append(printable[index]);
        }
    }
}
