using System.Text.RegularExpressions;
using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>docs/configuration.md says what the reader does.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(FindRoot(), "docs/configuration.md"));

    [Fact]
    public void Every_example_is_a_correct_configuration()
    {
        using var directory = new ScratchDirectory();
        var examples = Example().Matches(Text).Select(match => match.Groups[1].Value).ToArray();

        Assert.True(examples.Length >= 5, "the examples were not found");
        Assert.All(examples, example => Assert.Empty(
            ConfigurationReader.ReadFile(directory.Write("sonde.yaml", example), _ => null).Messages));
    }

    [Fact]
    public void The_first_example_has_ten_lines() =>
        Assert.Equal(10, Example().Match(Text).Groups[1].Value.Count(c => c == '\n'));

    [Fact]
    public void Every_key_has_its_row_and_every_row_is_a_key()
    {
        string[] nested = [.. KnownKeys.ServerTls, .. KnownKeys.TargetTls, .. KnownKeys.DialogueStep, .. KnownKeys.SecretFile, .. KnownKeys.Metrics,
            .. RequestHeadersReader.BasicAuthKeys, .. KnownKeys.ExpectSize, .. KnownKeys.Probe, .. ModuleKeys.Module, .. ModuleKeys.Icmp, .. ModuleKeys.Tcp,
            .. ModuleKeys.Step, .. ModuleKeys.Label, .. ModuleKeys.Http, .. ModuleKeys.HeaderValues, .. ModuleKeys.HeaderMatch,
            .. ModuleKeys.BasicAuth, .. ModuleKeys.Authorization, .. ModuleKeys.Dns, .. ModuleKeys.Records, .. ModuleKeys.Tls];
        string[] exports = [.. TelemetryReader.Keys, .. TelemetryReader.OtlpKeys, .. RemoteWriteReader.Keys, .. RetentionReader.Keys,
            .. RetentionReader.LimitKeys];
        var known = KnownKeys.Top.Concat(exports).Concat(KnownKeys.Group).Concat(KnownKeys.Target).Concat(KnownKeys.GlobalSettings).ToHashSet();
        var rows = Row().Matches(Text[Text.IndexOf("## All keys", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value);

        Assert.Equal(known.Order(), rows.Distinct().Order());
        Assert.All(nested, key => Assert.Matches($@"\b{key}\b", Text));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

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
