using System.Text;
using Sonde.Configuration.Yaml;

namespace Sonde.Configuration;

/// <summary>
/// Reads sonde.yaml. Whatever the text is, it ends soon with a configuration or with all that is wrong.
/// </summary>
/// <remarks>
/// 1. bytes → text (<see cref="FileContent"/>) · 2. text → values with places (<see cref="YamlTree"/>) ·
/// 3. values → checks (<see cref="PlainForm"/>, <see cref="FullForm"/>), or another tool's file recognized.
/// </remarks>
internal static class ConfigurationReader
{
    /// <summary>The largest file that is read.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Reads a file on disk, with its variables and secret files.</summary>
    /// <param name="path">The file; messages name it as it is given here.</param>
    /// <param name="environment">The value of a variable; default the process's own environment.</param>
    public static ConfigurationReading ReadFile(string path, Func<string, string?>? environment = null)
    {
        var content = FileContent.Read(path, MostBytes);
        if (content.Text is null)
        {
            return Fault(path, content.Fault!);
        }
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return Read(path, content.Text, new TextSources(directory, environment ?? Environment.GetEnvironmentVariable));
    }

    /// <summary>Reads a text that somebody pasted or uploaded: no variables, no files.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="text">The text.</param>
    public static ConfigurationReading ReadText(string name, string text)
    {
        return Encoding.UTF8.GetByteCount(text) > MostBytes
            ? Fault(name, $"is larger than {MostBytes} bytes, the most that is read")
            : Read(name, text, sources: null);
    }

    private static ConfigurationReading Read(string name, string text, TextSources? sources)
    {
        var problems = new ProblemList(text);
        var root = YamlTree.Read(text, problems);
        var foreign = root is null ? null : ForeignForm.Recognize(root);
        var form = foreign?.Form ?? FormOf(root);
        SondeConfiguration? configuration = null;
        if (foreign is not null)
        {
            problems.Add(foreign.Place, foreign.Advice);
        }
        else if (root is YamlMap map)
        {
            var settings = new Settings(map, problems, sources);
            configuration = form == ConfigurationForm.Plain ? PlainForm.Read(settings) : FullForm.Read(settings);
        }
        else if (root is not null)
        {
            problems.Add(
                root.Place,
                $"a configuration begins with keys such as 'targets:', not with {Settings.ShapeOf(root)}");
        }
        else if (problems.IsEmpty)
        {
            problems.AddForFile("is empty: write 'targets:' and under it a list of addresses");
        }
        return new ConfigurationReading
        {
            File = name,
            Configuration = problems.IsEmpty ? configuration : null,
            Problems = problems.InFileOrder(),
            Form = form,
            TopLevelKeys = root is YamlMap { Entries: var entries }
                ? [.. entries.Select(entry => Quoted.BareKey(entry.Key))]
                : [],
        };
    }

    private static ConfigurationReading Fault(string name, string fault) =>
        new() { File = name, Problems = [new Problem(null, fault)] };

    private static ConfigurationForm FormOf(YamlNode? root) => root switch
    {
        YamlMap map when map.Find(PlainForm.Sign) is not null => ConfigurationForm.Plain,
        YamlMap => ConfigurationForm.Full,
        _ => ConfigurationForm.Unknown,
    };
}
