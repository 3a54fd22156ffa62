namespace Sonde.Storage.Blocks;

/// <summary>The order in which a block has the entries of a column: those of answered samples, then those of lost ones
/// from the last to the first.</summary>
internal static class AnsweredFirst
{
    /// <summary>Brings a column into that order.</summary>
    /// <param name="losses">0 for each answered sample.</param>
    /// <param name="column">An entry a sample.</param>
    /// <param name="into">Where the entries go: as many.</param>
    /// <returns>How many are of answered samples.</returns>
    public static int Gather<T>(ReadOnlySpan<byte> losses, ReadOnlySpan<T> column, Span<T> into)
    {
        var (answered, lost) = (0, into.Length);
        for (var i = 0; i < column.Length;)
        {
            if (losses[i] != 0)
            {
                into[--lost] = column[i++];
                continue;
            }
            var length = RunOfAnswered(losses[i..]);
            column.Slice(i, length).CopyTo(into[answered..]);
            (i, answered) = (i + length, answered + length);
        }
        return answered;
    }

    /// <summary>Brings entries of that order to the places of their samples.</summary>
    public static void Scatter<T>(ReadOnlySpan<byte> losses, ReadOnlySpan<T> entries, Span<T> column)
    {
        var (answered, lost) = (0, entries.Length);
        for (var i = 0; i < column.Length;)
        {
            if (losses[i] != 0)
            {
                column[i++] = entries[--lost];
                continue;
            }
            var length = RunOfAnswered(losses[i..]);
            entries.Slice(answered, length).CopyTo(column[i..]);
            (i, answered) = (i + length, answered + length);
        }
    }

    private static int RunOfAnswered(ReadOnlySpan<byte> losses)
    {
        var length = losses.IndexOfAnyExcept((byte)0);
        return length < 0 ? losses.Length : length;
    }
}
