using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests;

/// <summary>Holds the repository to what its documents say, and the source to what CONTRIBUTING.md asks.</summary>
public sealed partial class RepositoryTests
{
    private static readonly string Root = FindRoot();

    private static readonly HashSet<string> EmptyWords =
    [
        "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Shared", "Core", "Base", "Impl", "Processor",
        "Data", "Info", "Service", "Services", "Model", "Models", "Extensions",
    ];

    [Theory]
    [InlineData("src/Sonde")]
    [InlineData("src/Sonde.Measurement")]
    public void A_folder_uses_only_what_the_architecture_allows(string project)
    {
        var folders = new SourceFolders(Path.Combine(Root, project));
        var allowed = ReadTable();

        Assert.Subset(allowed.Keys.ToHashSet(), folders.Names.ToHashSet());
        AssertNone(
            from use in folders.FindUses()
            where !allowed[use.Folder].Contains(use.Used)
            select $"{use.File} uses {use.Used}");
    }

    [Fact]
    public void The_layers_have_no_circle()
    {
        var allowed = ReadTable();
        var placed = new HashSet<string> { "Measurement" };
        while (allowed.Where(row => !placed.Contains(row.Key) && row.Value.IsSubsetOf(placed)).Select(row => row.Key).ToList() is { Count: > 0 } next)
        {
            placed.UnionWith(next);
        }

        AssertNone(allowed.Keys.Except(placed));
    }

    [Fact]
    public void The_table_names_no_folder_that_is_gone() => Assert.All(ReadTable().Keys, folder => Assert.True(
        Directory.Exists(Path.Combine(Root, "src/Sonde", folder)) || Directory.Exists(Path.Combine(Root, "src/Sonde.Measurement", folder)),
        folder));

    [Fact]
    public void Every_path_named_in_the_documents_exists() => AssertNone(
        from document in Documents()
        from code in Code().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value)
        where RepositoryPath().IsMatch(code) && !Path.Exists(Path.Combine(Root, code))
        select $"{Name(document)}: {code}");

    [Fact]
    public void Every_type_and_method_named_in_the_architecture_exists()
    {
        var sources = SourceFiles().Select(File.ReadAllText).ToList();
        var types = sources.SelectMany(text => TypeDeclaration().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();
        var folders = ReadTable().Keys.Append("Measurement").ToHashSet();

        AssertNone(
            from code in Code().Matches(File.ReadAllText(Path.Combine(Root, "docs/architecture.md"))).Select(match => match.Groups[1].Value)
            where TypeOrMember().IsMatch(code) && !folders.Contains(code)
            let parts = code.Split('.')
            where !types.Contains(parts[0])
                || (parts.Length > 1 && !sources.Any(text => Regex.IsMatch(text, $@"\b{parts[1]}\(") && text.Contains(parts[0], StringComparison.Ordinal)))
            select code);
    }

    [Fact]
    public void No_source_file_is_longer_than_300_lines_or_wider_than_120_columns() => AssertNone(
        from file in SourceFiles()
        let lines = File.ReadAllLines(file)
        where lines.Length > 300 || lines.Any(line => line.Length > 120)
        select $"{Name(file)}: {lines.Length} lines, {lines.Max(line => line.Length)} columns");

    [Fact]
    public void No_type_or_folder_bears_a_word_that_says_nothing() => AssertNone(
        from file in SourceFiles()
        let declared = TypeDeclaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)
        from name in declared.Append(Path.GetFileName(Path.GetDirectoryName(file)!))
        where name != "BasePath" // the configuration's own word
        where Word().Matches(name).Any(word => EmptyWords.Contains(word.Value))
        select $"{Name(file)}: {name}");

    [Fact]
    public void Every_make_command_in_the_documents_can_be_made()
    {
        var targets = MakeTarget().Matches(File.ReadAllText(Path.Combine(Root, "Makefile"))).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Superset(new HashSet<string> { "init", "build", "run", "test", "soak", "bench", "coverage", "format", "urls", "help" }, targets);
        AssertNone(
            from document in Documents()
            from command in MakeCommand().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value)
            where !targets.Contains(command)
            select $"{Name(document)}: make {command}");
    }

    [Fact]
    public void Every_package_has_its_line_in_the_dependencies()
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs/dependencies.md"));
        var packages = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "src/Sonde/package.json")));
        var scripts = NamesOf("dependencies").Concat(NamesOf("devDependencies"));

        Assert.All(packages.Concat(scripts), package => Assert.Contains($"| `{package}` |", text, StringComparison.Ordinal));

        IEnumerable<string> NamesOf(string kind) => json.RootElement.GetProperty(kind).EnumerateObject().Select(package => package.Name);
    }

    [Fact]
    public void Decisions_are_numbered_without_gap_and_every_citation_is_right()
    {
        var decisions = Directory.GetFiles(Path.Combine(Root, "docs/adr"), "*.md").Order(StringComparer.Ordinal).ToList();
        var numbers = decisions.Select(file => Path.GetFileName(file)[..4]).ToList();

        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number:0000}"), numbers);
        Assert.All(decisions, file => Assert.StartsWith($"# {Path.GetFileName(file)[..4]} · ", File.ReadAllText(file), StringComparison.Ordinal));
        AssertNone(
            from file in SourceFiles().Concat(Documents())
            from cited in Citation().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)
            where !numbers.Contains(cited)
            select $"{Name(file)}: ADR {cited}");
    }

    [Fact]
    public void The_changelog_tells_of_this_version()
    {
        var version = XDocument.Load(Path.Combine(Root, "src/Sonde/Sonde.csproj")).Descendants("Version").Single().Value;

        Assert.Contains($"\n## [{version}]", File.ReadAllText(Path.Combine(Root, "CHANGELOG.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_in_the_readme_can_be_run()
    {
        var example = YamlBlock().Match(File.ReadAllText(Path.Combine(Root, "README.md"))).Groups[1].Value;

        var reading = ConfigurationReader.ReadText("README.md", example);

        Assert.Empty(reading.Messages);
        Assert.Equal(6, reading.Configuration!.Checks.Length);
    }

    private static void AssertNone(IEnumerable<string> offences)
    {
        var list = offences.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }

    /// <summary>The tables of docs/architecture.md: a folder, and what it may use.</summary>
    private static Dictionary<string, HashSet<string>> ReadTable() =>
        TableRow().Matches(File.ReadAllText(Path.Combine(Root, "docs/architecture.md"))).ToDictionary(
            row => row.Groups[1].Value,
            row => Code().Matches(row.Groups[2].Value).Select(match => match.Groups[1].Value).ToHashSet());

    private static IEnumerable<string> SourceFiles() => SourceFolders.FilesBelow(Path.Combine(Root, "src"));

    private static IEnumerable<string> Documents() =>
        Directory.GetFiles(Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories));

    private static string Name(string file) => Path.GetRelativePath(Root, file);

    [GeneratedRegex(@"^\| `(\w+)` \| [^|]* \| ([^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(src|tests|bench|docs|build|deploy|\.ci)/[\w./-]*$")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^[A-Z]\w+[a-z]\w*(\.[A-Z]\w+)?$")]
    private static partial Regex TypeOrMember();

    [GeneratedRegex(@"^(?!\s*//).*\b(?:class|struct|interface|enum|record) ([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("[A-Z][a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();

    [GeneratedRegex(@"^([a-z]+):", RegexOptions.Multiline)]
    private static partial Regex MakeTarget();

    [GeneratedRegex(@"(?:`|^)make ([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex MakeCommand();

    [GeneratedRegex(@"\bADR (\d{4})\b")]
    private static partial Regex Citation();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    /// <summary>The folder that holds the solution. Source paths are no help: a CI build maps them to <c>/_/</c>.</summary>
    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sonde.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No Sonde.slnx above the test's directory.");
        }
        return folder.FullName;
    }
}
