using System.Collections.Immutable;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>A file of another tool, read and recognized.</summary>
/// <param name="Form">Whose file it is.</param>
/// <param name="Root">Its values; null when there are problems.</param>
/// <param name="Problems">Why it cannot be used, as <c>FILE:LINE:COLUMN: message</c>.</param>
/// <param name="Notes">What could not be carried over from it.</param>
internal sealed record ForeignFile(
    ConfigurationForm Form, YamlNode? Root, ImmutableArray<string> Problems, ImportNotes Notes)
{
    /// <summary>Reads a file; JSON is YAML, too.</summary>
    public static ForeignFile Read(string path)
    {
        var content = FileContent.Read(path, ConfigurationReader.MostBytes);
        if (content.Text is null)
        {
            return Refuse(path, [new Problem(null, content.Fault!)]);
        }
        var problems = new ProblemList(content.Text);
        var root = YamlTree.Read(content.Text, problems);
        if (!problems.IsEmpty || root is null)
        {
            return Refuse(path, problems.IsEmpty ? [new Problem(null, "is empty")] : problems.InFileOrder());
        }
        return ForeignForm.Recognize(root) is { } foreign
            ? new(foreign.Form, root, [], new ImportNotes(path))
            : Refuse(path, [new Problem(
                root.Place, "this is no file of blackbox_exporter, smokeping_prober, Gatus or Prometheus")]);
    }

    private static ForeignFile Refuse(string path, ImmutableArray<Problem> problems) => new(
        ConfigurationForm.Unknown, null, [.. problems.Select(problem => problem.ToText(path))], new ImportNotes(path));
}
