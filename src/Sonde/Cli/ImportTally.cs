using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sonde.Cli;

/// <summary>What became of an import, counted and told.</summary>
/// <param name="source">What messages call the file.</param>
/// <param name="tell">Writes a line for people.</param>
internal sealed class ImportTally(string source, Action<string> tell)
{
    private const int MostTold = 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // for a terminal or jq, never for a page
    };

    private long _refused;

    /// <summary>How many samples are in the store, whether they were new or not.</summary>
    public long Stored { get; set; }

    /// <summary>Of how many series.</summary>
    public int SeriesCount { get; set; }

    /// <summary>How many of them are losses because their value was 0 or less.</summary>
    public long TakenAsLost { get; set; }

    /// <summary>How many lines were refused. Any thread.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Counts a line that was refused, and tells of the first ones.</summary>
    public void Refuse(long line, string problem)
    {
        var count = Interlocked.Increment(ref _refused);
        if (count <= MostTold)
        {
            tell(string.Create(CultureInfo.InvariantCulture, $"{source}:{line}: {problem}"));
        }
        else if (count == MostTold + 1)
        {
            tell($"{source}: further lines are refused; they are only counted");
        }
    }

    /// <summary>All that was counted, in sentences.</summary>
    /// <param name="unit">The unit that the values were taken for because none was named; null = it is known.</param>
    /// <param name="isWhole">False when the import ended early.</param>
    public string Sentence(string? unit, bool isWhole)
    {
        var refused = Refused == 0 ? "no line was refused" : $"{Counted.Of(Refused, "line")} refused";
        var parts = new List<string>
        {
            $"{source}: {Counted.Of(Stored, "sample")} of {SeriesCount} series imported, {refused}.",
        };
        if (TakenAsLost > 0)
        {
            var values = TakenAsLost == 1 ? "1 value of 0 or less counts" : $"{TakenAsLost} values of 0 or less count";
            parts.Add($"{values} as lost; with --zero-is-answer, 0 does not.");
        }
        if (unit is not null)
        {
            parts.Add($"The values were taken as {unit}; --unit says otherwise.");
        }
        if (!isWhole)
        {
            parts.Add("The import ended early: import the file again, which stores nothing twice.");
        }
        return string.Join(' ', parts);
    }

    /// <summary>The same as a JSON object.</summary>
    public string ToJson(bool isWhole) => JsonSerializer.Serialize(
        new
        {
            File = source,
            Samples = Stored,
            Series = SeriesCount,
            RefusedLines = Refused,
            TakenAsLost,
            Complete = isWhole,
        },
        Json);
}
