using System.Collections.Immutable;
using System.Text;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>What came of importing other tools' files.</summary>
/// <param name="Text">The sonde.yaml; null when there are problems.</param>
/// <param name="Notes">What it does not say, or says otherwise, file by file.</param>
/// <param name="Problems">Why there is none, as <c>FILE:LINE:COLUMN: message</c>.</param>
internal sealed record ConfigurationImport(
    string? Text, ImmutableArray<ImportNote> Notes, ImmutableArray<string> Problems)
{
    /// <summary>
    /// Makes one sonde.yaml of files of blackbox_exporter, smokeping_prober, Gatus and Prometheus. The modules of one
    /// file serve the targets of all.
    /// </summary>
    public static ConfigurationImport Of(IReadOnlyList<string> paths)
    {
        var files = paths.Select(ForeignFile.Read).ToList();
        if (files.Any(file => file.Root is null))
        {
            return new(null, [], [.. files.SelectMany(file => file.Problems)]);
        }
        var (targets, modules) = (new ImportedTargets(), new ProbeModules());
        foreach (var file in files.OrderBy(file => file.Form == ConfigurationForm.BlackboxExporter ? 0 : 1))
        {
            Import(file, targets, modules);
        }
        var root = new YamlSection();
        modules.WriteTo(root);
        targets.WriteTo(root);
        if (targets.Count == 0 && !root.IsEmpty)
        {
            // modules alone would be a file of blackbox_exporter
            root.Add("listen", new SondeConfiguration().Listen.ToString());
            files[0].Notes.Add(
                files[0].Root!.Place, "no file names a target: write 'targets:', or name the files that do");
        }
        var text = $"# made by sonde import-config of {string.Join(", ", paths.Select(NameInComment))}\n"
            + YamlText.Write(root.ToMap());
        var problem = root.IsEmpty ? "nothing in it is measured by Sonde"
            : Encoding.UTF8.GetByteCount(text) > ConfigurationReader.MostBytes
                ? $"what it becomes is larger than {ConfigurationReader.MostBytes} bytes, the most that Sonde reads"
            : null;
        return new(
            problem is null ? text : null,
            [.. files.SelectMany(file => file.Notes.InFileOrder())],
            problem is null ? [] : [$"{paths[0]}: {problem}"]);
    }

    private static string NameInComment(string path) =>
        string.Concat(Path.GetFileName(path).Select(c => c is > ' ' and <= '~' ? c : '·'));

    private static void Import(ForeignFile file, ImportedTargets targets, ProbeModules modules)
    {
        if (file.Root is YamlList list)
        {
            TargetListFile.Import(list, targets, modules, file.Notes);
            return;
        }
        var map = new ForeignMap((YamlMap)file.Root!, file.Form.ToWord(), file.Notes);
        switch (file.Form)
        {
            case ConfigurationForm.BlackboxExporter:
                modules.Add(map);
                break;
            case ConfigurationForm.SmokepingProber:
                SmokepingFile.Import(map, targets);
                break;
            case ConfigurationForm.Gatus:
                GatusFile.Import(map, targets);
                break;
            default:
                ScrapeFile.Import(map, targets, modules);
                break;
        }
        map.NoteRest();
    }
}
