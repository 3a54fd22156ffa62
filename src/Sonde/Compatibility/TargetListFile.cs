using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>A target list that Prometheus reads (<c>file_sd</c>): a group for each entry.</summary>
internal static class TargetListFile
{
    /// <summary>Takes the targets over; a <c>module</c> among their labels says how they are measured.</summary>
    public static void Import(YamlList file, ImportedTargets targets, ProbeModules modules, ImportNotes notes)
    {
        foreach (var item in file.Items)
        {
            if (item is not YamlMap map)
            {
                notes.Add(item.Place, "an entry of the list is no mapping, and left out");
                continue;
            }
            var entry = new ForeignMap(map, "a target list", notes);
            ImportEntry(entry, null, new YamlSection(), targets, modules);
            entry.NoteRest();
        }
    }

    /// <summary>Takes over <c>{targets, labels}</c>.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="job">What holds for it by its job; null outside of jobs.</param>
    /// <param name="settings">What the job says of its targets.</param>
    /// <param name="targets">Where they go.</param>
    /// <param name="modules">How they may be measured.</param>
    public static void ImportEntry(
        ForeignMap entry, (string Name, string Module)? job, YamlSection settings, ImportedTargets targets,
        ProbeModules modules)
    {
        var labels = entry.Pairs("labels").ToDictionary();
        var name = job?.Name ?? labels.GetValueOrDefault("job") ?? string.Join(' ', labels.Values);
        var moduleName = labels.GetValueOrDefault("__param_module") ?? job?.Module
            ?? labels.GetValueOrDefault("module");
        var module = moduleName is null ? null : modules.Find(moduleName);
        if (moduleName is not null && module is null)
        {
            entry.Refuse<string>("targets", $"are measured by the module {Quoted.Text(moduleName)}, "
                + modules.WhyNot(moduleName));
            entry.Pass("labels", "targets");
            return;
        }
        var isShared = module?.Kind is "icmp" or "tcp";   // so that it stands once, in the group
        var shared = new YamlSection().Add(settings).Add(ForeignLabels.ToSettings(entry, "labels"));
        var group = targets.BeginGroup(
            name.Length > 0 ? name : "targets", isShared ? shared.Add(module!.Settings) : shared);
        var own = isShared || module is null ? new YamlSection() : module.Settings;
        foreach (var written in entry.Items("targets").OfType<YamlScalar>())
        {
            var kind = module?.Kind ?? ForeignAddress.KindOf(written.Text);
            var address = ForeignAddress.For(kind, written.Text, out var problem);
            if (address is null)
            {
                entry.Notes.Add(written.Place, $"the target {Quoted.Value(written)} {problem}");
            }
            else
            {
                var targetName = kind == "http" ? written.Text : address;
                targets.Add(group, new(kind, targetName, address, own, written.Place), entry.Notes);
            }
        }
    }
}
