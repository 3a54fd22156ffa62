using Sonde.Compatibility;
using Sonde.Configuration;
using Sonde.Tests.Configuration;
using Xunit;

namespace Sonde.Tests.Compatibility;

/// <summary>Short ways to import texts in a test.</summary>
internal static class Imported
{
    /// <summary>Imports texts as the files <c>f1</c>, <c>f2</c>, …; notes have no directory before them.</summary>
    public static (string? Text, string[] Notes) From(params string[] texts)
    {
        using var directory = new ScratchDirectory();
        var import = ConfigurationImport.Of([.. texts.Select((text, i) => directory.Write($"f{i + 1}", text))]);
        return (import.Text, [.. import.Problems.Concat(import.Notes.Select(note => note.ToString()))
            .Select(note => note.Replace(directory.Path + "/", "", StringComparison.Ordinal))]);
    }

    /// <summary>The text without the comment in its first line; it is one that Sonde takes.</summary>
    public static string Text(params string[] texts)
    {
        var text = From(texts).Text!;
        using var directory = new ScratchDirectory();
        Assert.Empty(ConfigurationReader.ReadFile(directory.Write("sonde.yaml", text), _ => "value").Messages);
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>What a running Sonde makes of it.</summary>
    public static SondeConfiguration Configuration(params string[] texts)
    {
        using var directory = new ScratchDirectory();
        var reading = ConfigurationReader.ReadFile(directory.Write("sonde.yaml", From(texts).Text!), _ => null);
        Assert.Empty(reading.Messages);
        return reading.Configuration!;
    }
}
