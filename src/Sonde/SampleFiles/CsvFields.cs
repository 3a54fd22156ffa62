namespace Sonde.SampleFiles;

/// <summary>Takes the lines of a CSV file apart (RFC 4180).</summary>
internal static class CsvFields
{
    private const byte Quote = (byte)'"';

    /// <summary>Finds the fields of a line.</summary>
    /// <param name="record">The line, without its end.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="fields">Gets them; quotes around a field are taken off.</param>
    /// <returns>False when a quoted field does not end within the line: it may go on in the next one.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> record, byte separator, RecordFields fields)
    {
        fields.Clear();
        var start = 0;
        while (fields.Count < RecordFields.MaxCount)
        {
            if (start < record.Length && record[start] == Quote)
            {
                if (!TryAddQuoted(record, separator, fields, ref start))
                {
                    return false;
                }
            }
            else
            {
                var length = record[start..].IndexOf(separator);
                length = length < 0 ? record.Length - start : length;
                fields.Add(start, length);
                start += length;
            }
            if (start >= record.Length)
            {
                return true;
            }
            start++;    // the separator
            if (start == record.Length)
            {
                fields.Add(start, 0);
                return true;
            }
        }
        return true;
    }

    // Leaves the start at the separator behind the field, or at the end. What stands between the closing quote and the
    // separator is left out.
    private static bool TryAddQuoted(
        ReadOnlySpan<byte> record, byte separator, RecordFields fields, ref int start)
    {
        var from = start + 1;
        var isDoubled = false;
        var at = from;
        while (true)
        {
            var length = record[at..].IndexOf(Quote);
            if (length < 0)
            {
                return false;
            }
            at += length;
            if (at + 1 == record.Length || record[at + 1] != Quote)
            {
                break;
            }
            isDoubled = true;
            at += 2;
        }
        if (isDoubled)
        {
            fields.AddApart(Undoubled(record[from..at]));
        }
        else
        {
            fields.Add(from, at - from);
        }
        var rest = record[(at + 1)..].IndexOf(separator);
        start = rest < 0 ? record.Length : at + 1 + rest;
        return true;
    }

    private static byte[] Undoubled(ReadOnlySpan<byte> text)
    {
        var plain = new byte[text.Length];
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            plain[length++] = text[at];
            at += text[at] == Quote ? 1 : 0;
        }
        return plain[..length];
    }
}
