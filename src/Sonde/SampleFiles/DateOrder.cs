using System.Buffers.Text;

namespace Sonde.SampleFiles;

/// <summary>Finds out whether a file writes the day or the month first: by the first date that shows it.</summary>
internal static class DateOrder
{
    /// <summary>Reads times until one shows the order.</summary>
    /// <param name="file">The file from its beginning; read to its end if need be.</param>
    /// <param name="columns">Where the times stand.</param>
    /// <param name="isAmbiguous">True when there are dates with slashes, and none shows the order.</param>
    /// <returns>The order; <see cref="TimeForm.Any"/> when it need not or cannot be known.</returns>
    public static TimeForm Find(Stream file, ForeignColumns columns, out bool isAmbiguous)
    {
        var lines = new FileLines(file);
        var fields = new RecordFields();
        var isBehindNames = !columns.HasNames;
        isAmbiguous = false;
        while (lines.TryRead(out var line))
        {
            if (line.IsEmpty || !CsvFields.TrySplit(line, columns.Separator, fields))
            {
                continue;
            }
            if (!isBehindNames)
            {
                isBehindNames = true;
                continue;
            }
            var text = fields.Of(line, columns.Time).Trim((byte)' ');
            if (SlashedDate.TryParse(text, out var date))
            {
                if (date.Evidence != TimeForm.Any)
                {
                    isAmbiguous = false;
                    return date.Evidence;
                }
                isAmbiguous |= date.First != date.Second;
            }
            else if (!isAmbiguous && IsOtherTime(text))
            {
                return TimeForm.Any;    // a file that mixes both is refused line by line, where it does
            }
        }
        return TimeForm.Any;
    }

    private static bool IsOtherTime(ReadOnlySpan<byte> text) => TimeText.TryParse(text, out _, out _)
        || (Utf8Parser.TryParse(text, out decimal _, out int length) && length == text.Length);
}
