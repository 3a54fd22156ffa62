using System.Globalization;

namespace Sonde.Benchmarks.Peers;

/// <summary>A row of <c>sonde export --format csv</c>, as far as the figures need it.</summary>
/// <param name="Check">The number that the target was given.</param>
/// <param name="SentAtMs">When it was sent: milliseconds since 1970.</param>
/// <param name="RttUs">The round-trip time in microseconds; null when it was lost.</param>
/// <param name="IsSuspect">Whether the program itself doubts it.</param>
internal sealed record ExportedSample(int Check, long SentAtMs, long? RttUs, bool IsSuspect)
{
    /// <summary>Reads the round-trip times of a whole export; the columns are found by their names.</summary>
    public static IReadOnlyList<ExportedSample> ReadAll(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].TrimEnd('\r').Split(',');
        var (check, quantity, sentAt) = (Column("check"), Column("quantity"), Column("sentAt"));
        var (value, suspect) = (Column("value"), Column("suspect"));
        return
        [
            .. lines.Skip(1)
                .Select(line => line.TrimEnd('\r').Split(','))
                .Where(fields => fields[quantity] == "rtt")
                .Select(fields => new ExportedSample(
                    int.Parse(fields[check], CultureInfo.InvariantCulture),
                    ReadInstant(fields[sentAt]),
                    fields[value].Length == 0 ? null : long.Parse(fields[value], CultureInfo.InvariantCulture),
                    fields[suspect] is "true" or "1")),
        ];

        int Column(string name) => Array.IndexOf(names, name) is >= 0 and var index
            ? index
            : throw new FormatException($"the export has no column {name}: {lines[0]}");
    }

    private static long ReadInstant(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
