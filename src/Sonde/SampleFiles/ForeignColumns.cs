using System.Globalization;
using System.Text;

namespace Sonde.SampleFiles;

/// <summary>How to read another tool's CSV.</summary>
internal sealed record ForeignQuery
{
    /// <summary>The column of the times: its number from 1, or its name.</summary>
    public required string Time { get; init; }

    /// <summary>The columns of the values, each a series of its own; at least one.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>The column whose text tells the series apart; null = the whole file is one.</summary>
    public string? Series { get; init; }

    /// <summary>
    /// The name of the series; before the text of the series' column, if there is one. Null = the file's name, or that
    /// text alone.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>How many microseconds the unit of the values has: 1, 1,000 or 1,000,000.</summary>
    public double MicrosecondsAUnit { get; init; } = 1_000;

    /// <summary>True when 0 is an answer; false when it stands for a loss, as negative values always do.</summary>
    public bool ZeroIsAnswer { get; init; }

    /// <summary>How the times are written.</summary>
    public TimeForm TimeForm { get; init; }

    /// <summary>The clock of times that do not say which.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
}

/// <summary>Where the columns of a foreign CSV stand.</summary>
internal sealed class ForeignColumns
{
    private static readonly byte[] Separators = "\t;,"u8.ToArray();

    private readonly List<string> _names = [];

    private ForeignColumns(byte separator, ReadOnlySpan<byte> firstLine)
    {
        Separator = separator;
        var fields = new RecordFields();
        CsvFields.TrySplit(firstLine, separator, fields);
        for (var field = 0; field < fields.Count; field++)
        {
            _names.Add(Encoding.UTF8.GetString(fields.Of(firstLine, field)).Trim());
        }
    }

    /// <summary>What stands between the fields.</summary>
    public byte Separator { get; }

    /// <summary>True when the first line has the columns' names; false when it is data.</summary>
    public bool HasNames { get; private set; }

    /// <summary>The place of the times, from 0.</summary>
    public int Time { get; private set; }

    /// <summary>The places of the values.</summary>
    public int[] Values { get; private set; } = [];

    /// <summary>The place of the series' text; null = there is none.</summary>
    public int? Series { get; private set; }

    /// <summary>The first line's fields.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Finds the separator and the columns by the first line of a file.</summary>
    /// <param name="firstLine">The line, without its end.</param>
    /// <param name="query">Which columns are wanted.</param>
    /// <param name="problem">Why they are not found, in a sentence.</param>
    public static ForeignColumns? Find(ReadOnlySpan<byte> firstLine, ForeignQuery query, out string? problem)
    {
        string[] wanted = [query.Time, .. query.Values, .. query.Series is { } series ? [series] : (string[])[]];
        ForeignColumns? best = null;
        foreach (var separator in Separators)
        {
            var columns = new ForeignColumns(separator, firstLine);
            if (best is null || wanted.Count(columns.Has) > wanted.Count(best.Has)
                || (wanted.Count(columns.Has) == wanted.Count(best.Has) && columns._names.Count > best._names.Count))
            {
                best = columns;
            }
        }
        problem = Array.Find(wanted, column => !best!.Has(column)) is { } missing
            ? $"there is no column '{missing}'; {best!.Described()}"
            : query.Values.Select(best!.Find).Distinct().Count() < query.Values.Count
            ? "two --value options name the same column"
            : null;
        if (problem is not null)
        {
            return null;
        }
        best!.Place(query, wanted);
        return best;
    }

    private string Described() => _names.Count == 1
        ? $"the first line is one field, {ShownText.Of(Encoding.UTF8.GetBytes(_names[0]))}"
        : $"the columns are {string.Join(", ", _names.Take(30).Select(n => ShownText.Of(Encoding.UTF8.GetBytes(n))))}"
            + (_names.Count > 30 ? $" and {_names.Count - 30} more" : "");

    private void Place(ForeignQuery query, string[] wanted)
    {
        Time = Find(query.Time);
        Values = [.. query.Values.Select(Find)];
        Series = query.Series is { } series ? Find(series) : null;
        HasNames = wanted.Any(column => FindNumber(column) < 0) || !ForeignTimes.LooksLikeTime(_names[Time]);
    }

    private bool Has(string column) => Find(column) >= 0;

    // A number comes first: in a file without names, fields may look like one.
    private int Find(string column)
    {
        var byNumber = FindNumber(column);
        return byNumber >= 0 ? byNumber : FindName(column);
    }

    private int FindNumber(string column) =>
        int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= _names.Count
        ? number - 1
        : -1;

    private int FindName(string column)
    {
        var exact = _names.IndexOf(column);
        return exact >= 0
            ? exact
            : _names.FindIndex(name => name.Equals(column, StringComparison.OrdinalIgnoreCase));
    }
}
