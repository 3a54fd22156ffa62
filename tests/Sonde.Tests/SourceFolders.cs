using System.Text.RegularExpressions;

namespace Sonde.Tests;

/// <summary>The folders of a source project, and which of them use which.</summary>
/// <param name="project">The project's directory; its name is the namespace.</param>
internal sealed partial class SourceFolders(string project)
{
    private static readonly string[] Extensions = [".cs", ".razor", ".ts"];

    private readonly Regex _qualified = new($@"\b{Regex.Escape(Path.GetFileName(project))}\.([A-Z]\w+)");

    private readonly Dictionary<string, HashSet<string>> _types = Directory.GetDirectories(project)
        .Where(folder => FilesBelow(folder).Any())
        .ToDictionary(
            folder => Path.GetFileName(folder),
            folder => FilesBelow(folder).Select(file => Path.GetFileName(file).Split('.')[0]).ToHashSet());

    /// <summary>The folders that hold source.</summary>
    public IEnumerable<string> Names => _types.Keys;

    /// <summary>The source files below a directory, without what npm has put there.</summary>
    public static IEnumerable<string> FilesBelow(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file)) && !file.Contains("/node_modules/", StringComparison.Ordinal));

    /// <summary>Every file's uses of other folders: by a <c>using</c> line or a full name, and by <c>Charts.FrontPage</c> alone.</summary>
    public IEnumerable<(string Folder, string File, string Used)> FindUses() =>
        from folder in Names
        from file in FilesBelow(Path.Combine(project, folder))
        let text = File.ReadAllText(file)
        let named = _qualified.Matches(text).Select(match => match.Groups[1].Value)
        let partly = PartlyQualified().Matches(text).Where(IsTypeOfFolder).Select(match => match.Groups[1].Value)
        from used in named.Concat(partly).Distinct()
        where used != folder
        select (folder, Path.GetRelativePath(project, file), used);

    private bool IsTypeOfFolder(Match match) =>
        _types.TryGetValue(match.Groups[1].Value, out var types) && types.Contains(match.Groups[2].Value);

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w+)")]
    private static partial Regex PartlyQualified();
}
