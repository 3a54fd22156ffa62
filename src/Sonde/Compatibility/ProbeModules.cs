using System.Globalization;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;

namespace Sonde.Compatibility;

/// <summary>How a module of blackbox_exporter measures, in the words of sonde.yaml.</summary>
/// <param name="Kind">icmp, tcp, http or dns.</param>
/// <param name="Settings">What it says of a target.</param>
/// <param name="HasTimeout">True when a timeout is among it.</param>
internal sealed record ImportedModule(string Kind, YamlSection Settings, bool HasTimeout);

/// <summary>The modules of blackbox_exporter: those of the files, and the few that everybody has.</summary>
internal sealed class ProbeModules
{
    private static readonly string[] Known = ["icmp", "tcp", "http", "dns"];

    private readonly Dictionary<string, ForeignMap> _written = [];
    private readonly List<YamlEntry> _kept = [];
    private readonly HashSet<string> _leftOut = [];
    private readonly Dictionary<string, ImportedModule?> _read = new()
    {
        ["icmp"] = new("icmp", new(), HasTimeout: false),
        ["tcp_connect"] = new("tcp", new(), HasTimeout: false),
        ["http_2xx"] = new("http", new(), HasTimeout: false),
    };

    /// <summary>Takes in the modules of a file. Those that Sonde can measure by are kept as they stand.</summary>
    public void Add(ForeignMap file)
    {
        var modules = (YamlMap)file.Take("modules")!;
        foreach (var (name, value) in modules.Entries.Select(entry => (entry.Key, entry.Value)))
        {
            if (value is not YamlMap map)
            {
                file.Notes.Add(name.Place, $"the module {Quoted.Key(name)} says nothing, and is left out");
                continue;
            }
            var module = new ForeignMap(map, $"module {Quoted.Key(name)}", file.Notes);
            if (Array.IndexOf(Known, module.Text("prober")) < 0)
            {
                module.Refuse<string>("prober", $"{Quoted.Text(module.Text("prober") ?? "")} is none of icmp, tcp, "
                    + "http, dns; the module is left out");
                _leftOut.Add(name.Text);
                _read.Remove(name.Text);
            }
            else if (_written.TryAdd(name.Text, module))
            {
                Keep(new YamlEntry(name, value), file.Notes);
                _read.Remove(name.Text);
            }
            else
            {
                file.Notes.Add(name.Place, $"the module {Quoted.Key(name)} is that of another file already");
            }
        }
    }

    /// <summary>The module; null when Sonde cannot measure by it.</summary>
    public ImportedModule? Find(string name)
    {
        if (!_read.TryGetValue(name, out var module))
        {
            module = _written.TryGetValue(name, out var written) ? Read(written) : null;
            _read.Add(name, module);
        }
        return module;
    }

    /// <summary>Why there is no such module, to follow its name.</summary>
    public string WhyNot(string name) => _leftOut.Contains(name)
        ? "which Sonde cannot measure by"
        : "which is in none of the files: name the blackbox_exporter's own file, too";

    /// <summary>Writes the modules of the files as they stand.</summary>
    public void WriteTo(YamlSection root) => root.Add(
        "modules", _kept.Count == 0 ? null : new YamlMap(Place.Start, weight: 1, [.. _kept]));

    /// <summary>Keeps a module as it stands when Sonde takes it so; else says why not.</summary>
    private void Keep(YamlEntry module, ImportNotes notes)
    {
        var problems = new ProblemList("");
        var modules = new YamlMap(Place.Start, weight: 1, [module]);
        var settings = new Settings(modules, problems, new TextSources(notes.Directory, _ => "a value"));
        _ = ModulesReader.ReadEach(settings);
        foreach (var problem in problems.InFileOrder())
        {
            notes.Add(module.Key.Place, $"module {Quoted.Key(module.Key)}: {problem.Message}; 'modules' is without it");
        }
        if (problems.IsEmpty)
        {
            _kept.Add(module);
        }
    }

    private static ImportedModule Read(ForeignMap module)
    {
        var kind = module.Text("prober")!;
        var timeout = module.Duration("timeout", CheckSettingsReader.LeastTimeout, CheckSettingsReader.MostTimeout);
        var settings = new YamlSection().Add("timeout", timeout);
        if (module.Map(kind) is { } map)
        {
            settings.Add(kind switch
            {
                "icmp" => ReadIcmp(map),
                "tcp" => TcpModule.Read(map),
                "http" => HttpModule.Read(map),
                _ => DnsModule.Read(map),
            });
            map.NoteRest();
        }
        module.NoteRest();
        return new ImportedModule(kind, settings, timeout is not null);
    }

    private static YamlSection ReadIcmp(ForeignMap map) => new YamlSection()
        .Add("family", ReadFamily(map))
        .Add("size", map.Integer("payload_size", 16, 65_000)?.ToString(CultureInfo.InvariantCulture))
        .Add("ttl", map.Integer("ttl", 1, 255)?.ToString(CultureInfo.InvariantCulture))
        .Add("dontFragment", map.Flag("dont_fragment"));

    /// <summary>The family when it is the only one that may answer; a mere preference Sonde does not have.</summary>
    public static string? ReadFamily(ForeignMap map)
    {
        var preferred = map.Text("preferred_ip_protocol");
        if (map.Flag("ip_protocol_fallback") == false)
        {
            return preferred == "ip4" ? "4" : "6";
        }
        return preferred is null
            ? null
            : map.Refuse<string>("preferred_ip_protocol", "is not carried over: Sonde keeps the family that answers");
    }
}
