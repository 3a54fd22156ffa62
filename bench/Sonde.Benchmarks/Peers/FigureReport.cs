using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Sonde.Benchmarks.Peers;

/// <summary>The table of figures, with what they were measured on.</summary>
internal sealed class FigureReport(FigureSettings settings)
{
    private readonly List<FigureRow> _rows = [];

    /// <summary>Whether every bar was reached.</summary>
    public bool Passes => _rows.All(row => row.Passes);

    /// <summary>Adds rows at the end.</summary>
    public void Add(IEnumerable<FigureRow> rows) => _rows.AddRange(rows);

    /// <summary>The report as text.</summary>
    public string ToMarkdown()
    {
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Figures on {ReadProcessor()}\n\n");
        text.Append(
            CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, Linux {kernel}, ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}, ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"medians of {settings.Runs}{(settings.IsQuick ? ", a short trial" : "")}.\n\n");
        text.Append("| figure | Sonde | peer | ratio | bar | reached |\n|---|---|---|---|---|---|\n");
        foreach (var row in _rows)
        {
            var reached = row.Passes ? "yes" : "**no**";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Figure} | {row.Ours} | {row.Peer} | {row.Ratio} | {row.Bar} | {reached} |\n");
        }
        return text.ToString();
    }

    /// <summary>Writes it to the folder of this processor's results.</summary>
    /// <returns>The file.</returns>
    public string Save()
    {
        var words = ReadProcessor().ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ').ToArray();
        var slug = string.Join('-', new string(words).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var folder = Path.Combine(FigureSettings.Root, "bench", "Sonde.Benchmarks", "results", slug);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "figures.md");
        File.WriteAllText(file, ToMarkdown());
        return file;
    }

    private static string ReadProcessor()
    {
        var line = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
        return line is null
            ? RuntimeInformation.ProcessArchitecture.ToString()
            : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
