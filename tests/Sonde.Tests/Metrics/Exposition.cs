using System.Globalization;
using System.Text;

namespace Sonde.Tests.Metrics;

/// <summary>What a scrape said, read by the letter of the format: any deviation is an exception.</summary>
internal sealed class Exposition
{
    private static readonly string[] Types = ["counter", "gauge", "histogram"];

    public Dictionary<string, ReadFamily> Families { get; } = [];

    public IEnumerable<ReadSample> Samples => Families.Values.SelectMany(family => family.Samples);

    public static Exposition Read(string text, bool isOpenMetrics)
    {
        var lines = text.Split('\n');
        Demand(lines[^1].Length == 0, "the last line does not end");
        lines = lines[..^1];
        if (isOpenMetrics)
        {
            Demand(lines[^1] == "# EOF", "there is no # EOF");
            lines = lines[..^1];
        }
        var read = new Exposition();
        ReadFamily? family = null;
        var told = new HashSet<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var name = line.Split(' ')[2];
                family = new ReadFamily(name, Unescape(line[$"# HELP {name} ".Length..], isOpenMetrics ? "\\\"" : "\\"));
                Demand(IsName(name) && read.Families.TryAdd(name, family), $"{name} comes twice");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                Demand(words.Length == 4 && words[2] == family!.Name && family.Type is null, line);
                family!.Type = words[3];
                Demand(Types.Contains(words[3]), line);
            }
            else
            {
                var sample = ReadLine(line);
                Demand(family?.Type is not null && Belongs(sample.Name, family, isOpenMetrics), $"{line} is out of place");
                Demand(told.Add($"{sample.Name}{{{string.Join(',', sample.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))}"),
                    $"{line} comes twice");
                family!.Samples.Add(sample);
            }
        }
        foreach (var one in read.Families.Values)
        {
            Demand(one.Samples.Count > 0, $"{one.Name} has no sample");
            one.DemandWholeHistograms();
        }
        return read;
    }

    /// <summary>The one sample of this name whose labels hold these.</summary>
    public ReadSample One(string name, params (string Name, string Value)[] labels) => Samples.Single(sample =>
        sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value));

    public double Value(string name, params (string Name, string Value)[] labels) => One(name, labels).Value;

    public bool Has(string name) => Samples.Any(sample => sample.Name == name);

    private static bool Belongs(string name, ReadFamily family, bool isOpenMetrics) => family.Type switch
    {
        "histogram" => name == $"{family.Name}_bucket" || name == $"{family.Name}_sum" || name == $"{family.Name}_count",
        "counter" when isOpenMetrics => name == $"{family.Name}_total",
        "counter" => name == family.Name && name.EndsWith("_total", StringComparison.Ordinal),
        _ => name == family.Name,
    };

    private static ReadSample ReadLine(string line)
    {
        var at = 0;
        var name = Take(line, ref at, static c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':');
        Demand(IsName(name), line);
        var labels = new Dictionary<string, string>();
        if (line[at] == '{')
        {
            do
            {
                at++;
                var label = Take(line, ref at, static c => char.IsAsciiLetterOrDigit(c) || c == '_');
                Demand(IsName(label) && line[at++] == '=' && line[at++] == '"', line);
                Demand(labels.TryAdd(label, TakeQuoted(line, ref at)), line);
            }
            while (line[at] == ',');
            Demand(line[at++] == '}', line);
        }
        Demand(line[at++] == ' ', line);
        return new ReadSample(name, labels, ReadNumber(line[at..]));
    }

    private static double ReadNumber(string text)
    {
        if (text is "+Inf" or "-Inf" or "NaN")
        {
            return text switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.NaN };
        }
        Demand(text.All(c => char.IsAsciiDigit(c) || c is '.' or 'E' or 'e' or '-' or '+'), text);
        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static string TakeQuoted(string line, ref int at)
    {
        var text = new StringBuilder();
        while (line[at] != '"')
        {
            if (line[at] == '\\')
            {
                text.Append(line[++at] switch { '\\' => '\\', '"' => '"', 'n' => '\n', _ => throw new FormatException(line) });
            }
            else
            {
                text.Append(line[at]);
            }
            at++;
        }
        at++;
        return text.ToString();
    }

    private static string Unescape(string help, string escapable)
    {
        var text = new StringBuilder();
        for (var at = 0; at < help.Length; at++)
        {
            if (help[at] == '\\')
            {
                at++;
                Demand(help[at] == 'n' || escapable.Contains(help[at], StringComparison.Ordinal), help);
                text.Append(help[at] == 'n' ? '\n' : help[at]);
            }
            else
            {
                text.Append(help[at]);
            }
        }
        return text.ToString();
    }

    private static string Take(string line, ref int at, Func<char, bool> belongs)
    {
        var from = at;
        while (at < line.Length && belongs(line[at]))
        {
            at++;
        }
        return line[from..at];
    }

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]);

    internal static void Demand(bool isSo, string problem)
    {
        if (!isSo)
        {
            throw new FormatException(problem);
        }
    }
}

internal sealed record ReadSample(string Name, Dictionary<string, string> Labels, double Value);

internal sealed record ReadFamily(string Name, string Help)
{
    public string? Type { get; set; }

    public List<ReadSample> Samples { get; } = [];

    /// <summary>Buckets ascend by bound and count, +Inf is there and equals the count, and nothing lacks its sum.</summary>
    public void DemandWholeHistograms()
    {
        if (Type != "histogram")
        {
            return;
        }
        foreach (var one in Samples.GroupBy(sample => string.Join(',', sample.Labels.Where(label => label.Key != "le"))))
        {
            var buckets = one.Where(sample => sample.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
            var bounds = buckets.ConvertAll(bucket => bucket.Labels["le"] == "+Inf"
                ? double.PositiveInfinity
                : double.Parse(bucket.Labels["le"], CultureInfo.InvariantCulture));
            Exposition.Demand(bounds.SequenceEqual(bounds.Order()) && bounds[^1] == double.PositiveInfinity, Name);
            Exposition.Demand(buckets.Select(bucket => bucket.Value).SequenceEqual(buckets.Select(bucket => bucket.Value).Order()), Name);
            Exposition.Demand(one.Single(sample => sample.Name == $"{Name}_count").Value == buckets[^1].Value, Name);
            Exposition.Demand(one.Count(sample => sample.Name == $"{Name}_sum") == 1, Name);
        }
    }
}
