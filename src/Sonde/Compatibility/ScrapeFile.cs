using Sonde.Configuration;

namespace Sonde.Compatibility;

/// <summary>The scrape configuration of Prometheus: the jobs that ask a blackbox_exporter name targets.</summary>
internal static class ScrapeFile
{
    private static readonly TimeSpan StandardInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Takes the targets over.</summary>
    public static void Import(ForeignMap file, ImportedTargets targets, ProbeModules modules)
    {
        var global = file.Map("global");
        var interval = ReadInterval(global) ?? StandardInterval;
        var timeout = ReadTimeout(global) ?? StandardTimeout;
        foreach (var job in file.Maps("scrape_configs"))
        {
            var name = job.Text("job_name") ?? "job";
            if (job.Text("metrics_path") != "/probe" || job.Map("params")?.Texts("module") is not [var module, ..])
            {
                job.Notes.Add(job.PlaceOf("job_name"), $"{job.Owner} asks no blackbox_exporter by "
                    + "'metrics_path: /probe' and 'params: {module: …}', and is left out");
                continue;
            }
            job.Pass("relabel_configs", "metric_relabel_configs", "scheme", "honor_labels", "honor_timestamps");
            var settings = new YamlSection().Add("interval", ReadInterval(job) ?? interval);
            if (modules.Find(module)?.HasTimeout != true)
            {
                settings.Add("timeout", ReadTimeout(job) ?? timeout);
            }
            job.Pass("scrape_timeout");
            foreach (var entry in job.Maps("static_configs"))
            {
                TargetListFile.ImportEntry(entry, (name, module), settings, targets, modules);
                entry.NoteRest();
            }
            if (job.Take("file_sd_configs") is not null)
            {
                job.Refuse<string>("file_sd_configs", "names files that can be imported by themselves");
            }
            job.NoteRest();
        }
    }

    private static TimeSpan? ReadInterval(ForeignMap? map) => map?.Duration(
        "scrape_interval", CheckSettingsReader.LeastInterval, CheckSettingsReader.MostInterval);

    private static TimeSpan? ReadTimeout(ForeignMap? map) => map?.Duration(
        "scrape_timeout", CheckSettingsReader.LeastTimeout, CheckSettingsReader.MostTimeout);
}
