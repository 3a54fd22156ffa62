namespace Sonde.Tests;

/// <summary>Reads snappy's block format, written after its format_description.txt alone; what does not fit throws.</summary>
internal static class SnappyBlock
{
    public static byte[] Decode(ReadOnlySpan<byte> block)
    {
        var (length, at) = (0, 0);
        for (var shift = 0; ; shift += 7)
        {
            length |= (block[at] & 0x7F) << shift;
            if (block[at++] < 0x80)
            {
                break;
            }
        }
        var text = new List<byte>(length);
        while (at < block.Length)
        {
            var tag = block[at++];
            var upper = tag >> 2;
            if ((tag & 3) == 0)
            {
                var literal = upper < 60 ? upper + 1 : Little(block[at..(at + upper - 59)]) + 1;
                at += Math.Max(upper - 59, 0);
                text.AddRange(block[at..(at + literal)]);
                at += literal;
                continue;
            }
            var (copied, offset, taken) = (tag & 3) switch
            {
                1 => ((upper & 7) + 4, ((tag >> 5) << 8) | block[at], 1),
                2 => (upper + 1, Little(block[at..(at + 2)]), 2),
                _ => (upper + 1, Little(block[at..(at + 4)]), 4),
            };
            at += taken;
            for (; copied > 0; copied--)
            {
                text.Add(text[^offset]);
            }
        }
        return text.Count == length ? [.. text] : throw new FormatException($"{text.Count} bytes instead of {length}");
    }

    private static int Little(ReadOnlySpan<byte> bytes)
    {
        var value = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            value |= bytes[i] << (8 * i);
        }
        return value;
    }
}
