using System.Globalization;
using System.Text;

namespace Sonde.Measurement.Dns;

/// <summary>Bytes of a message as the text of zone files (RFC 1035 section 5.1).</summary>
internal static class DnsText
{
    /// <summary>
    /// Adds bytes as characters; those of <paramref name="special"/> with a backslash, what does not print as
    /// <c>\DDD</c>.
    /// </summary>
    public static void AppendEscaped(StringBuilder text, ReadOnlySpan<byte> bytes, string special)
    {
        foreach (var value in bytes)
        {
            if (value is < (byte)' ' or > (byte)'~')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\{value:000}");
                continue;
            }
            if (special.Contains((char)value, StringComparison.Ordinal))
            {
                text.Append('\\');
            }
            text.Append((char)value);
        }
    }

    /// <summary>Adds bytes in quotes.</summary>
    public static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        text.Append('"');
        AppendEscaped(text, bytes, "\"\\");
        text.Append('"');
    }

    /// <summary>Any record, of a type that nobody here knows: <c>\# 3 01abff</c> (RFC 3597 section 5).</summary>
    public static string Unknown(ReadOnlySpan<byte> bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $@"\# {bytes.Length}{(bytes.IsEmpty ? "" : " ")}{Convert.ToHexStringLower(bytes)}");
}
