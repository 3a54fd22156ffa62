namespace Sonde.Configuration;

/// <summary>Guesses which word was meant.</summary>
internal static class NearestWord
{
    private const int LongestWord = 40;

    /// <summary>The candidate that differs least from the word; null when none is near.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }
        var plain = Plain(word);
        var limit = Math.Max(1, plain.Length / 3);
        return candidates
            .Select(candidate => (Word: candidate, Distance: Distance(plain, Plain(candidate))))
            .Where(near => near.Distance <= limit)
            .OrderBy(near => near.Distance)
            .Select(near => near.Word)
            .FirstOrDefault();
    }

    /// <summary>How many letters must be put in, left out, changed or swapped with their neighbour.</summary>
    /// <remarks>The optimal string alignment distance (Damerau 1964).</remarks>
    public static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            rows[i, 0] = i;
        }
        for (var j = 0; j <= to.Length; j++)
        {
            rows[0, j] = j;
        }
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(changed, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }
        return rows[from.Length, to.Length];
    }

    /// <summary>Without what other tools' spellings add, so that <c>base_path</c> finds <c>basePath</c>.</summary>
    private static string Plain(string word) =>
        string.Concat(word.Where(c => c is not ('_' or '-'))).ToLowerInvariant();
}
