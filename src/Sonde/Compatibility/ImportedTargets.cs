using System.Globalization;
using Sonde.Configuration;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Compatibility;

/// <summary>A target of another tool, in the words of sonde.yaml.</summary>
/// <param name="Kind">How it is measured: <c>icmp</c>, <c>tcp</c>, <c>http</c> or <c>dns</c>.</param>
/// <param name="Name">Its name; the address when it has none.</param>
/// <param name="Address">What is measured.</param>
/// <param name="Settings">All else that it says itself.</param>
/// <param name="Place">Where it stands in its file.</param>
internal sealed record ImportedTarget(string Kind, string Name, string Address, YamlSection Settings, Place Place);

/// <summary>Gathers targets by groups, so that no two have the same name or id.</summary>
internal sealed class ImportedTargets
{
    private const string NoGroup = "";
    private const int RoomForNumber = 10;

    private readonly OrderedDictionary<string, (YamlSection Settings, List<YamlNode> Targets)> _groups = [];
    private readonly HashSet<(string Group, string Kind, string Name)> _names = [];
    private readonly HashSet<CheckId> _ids = [];
    private readonly Dictionary<string, int> _lastNumbers = [];

    /// <summary>How many there are.</summary>
    public int Count => _names.Count;

    /// <summary>Begins a group, under another name when there is one of that name.</summary>
    /// <returns>The name that it has now.</returns>
    public string BeginGroup(string name, YamlSection settings)
    {
        var unique = Shorten(name);
        while (!_groups.TryAdd(unique, (settings, [])))
        {
            unique = Number(Shorten(name));
        }
        return unique;
    }

    /// <summary>Adds a target to a group that was begun, or outside of groups.</summary>
    public void Add(string? group, ImportedTarget target, ImportNotes notes)
    {
        if (Count == TargetsReader.MostTargets)
        {
            notes.Add(target.Place, $"Sonde measures {TargetsReader.MostTargets} targets at most; this is one more");
            return;
        }
        group ??= NoGroup;
        _groups.TryAdd(group, (new YamlSection(), []));
        var family = target.Settings.Find("family") ?? _groups[group].Settings.Find("family");
        if (ForeignAddress.Contradicts(target.Address, family))
        {
            notes.Add(
                target.Place, $"the target {Quoted.Text(target.Address)} is no IPv{family} address, and left out");
            return;
        }
        var name = target.Name == target.Address ? target.Name : Shorten(target.Name);
        while (!_names.Add((group, target.Kind, name)))
        {
            if (target.Name == target.Address)
            {
                notes.Add(target.Place, $"the target {Quoted.Text(name)} is written twice; once is enough");
                return;
            }
            name = Number(Shorten(target.Name));
            notes.Add(target.Place, $"a further {Quoted.Text(target.Name)} is called {Quoted.Text(name)}");
        }
        var id = FindId(target.Kind, name, group);
        _groups[group].Targets.Add(Write(target, name == target.Address ? null : name, id));
    }

    /// <summary>Writes them as <c>groups</c> and <c>targets</c>; groups without targets are left out.</summary>
    public void WriteTo(YamlSection root)
    {
        var groups = _groups.Where(group => group.Key != NoGroup && group.Value.Targets.Count > 0);
        root.Add("groups", groups.Select(group => new YamlSection()
            .Add("name", group.Key)
            .Add(group.Value.Settings)
            .Add("targets", group.Value.Targets).ToMap()));
        root.Add("targets", _groups.TryGetValue(NoGroup, out var others) ? others.Targets : []);
    }

    private static YamlNode Write(ImportedTarget target, string? name, CheckId? id)
    {
        var isSayingItsKind = target.Kind is "icmp" or "tcp";   // by a port, or none
        return name is null && id is null && isSayingItsKind && target.Settings.IsEmpty
            ? YamlSection.Literal(target.Address)
            : new YamlSection()
                .Add("name", name)
                .Add("id", id?.Value)
                .Add("kind", isSayingItsKind ? null : target.Kind)
                .Add("address", target.Address)
                .Add(target.Settings).ToMap();
    }

    /// <summary>An id for a target whose default id another one has; null when the default is free.</summary>
    private CheckId? FindId(string kind, string name, string group)
    {
        if (_ids.Add(CheckId.FromName(kind, name)))
        {
            return null;
        }
        var id = CheckId.FromName(kind, $"{group} {name}");
        while (!_ids.Add(id))
        {
            id = CheckId.FromName(kind, Number($"{group} {name}"));
        }
        return id;
    }

    /// <summary>The name with the next number behind it.</summary>
    private string Number(string name)
    {
        var number = _lastNumbers.GetValueOrDefault(name, 1) + 1;
        _lastNumbers[name] = number;
        return string.Create(CultureInfo.InvariantCulture, $"{name} {number}");
    }

    /// <summary>A name that sonde.yaml takes, with room for a number.</summary>
    private static string Shorten(string name)
    {
        var oneLine = string.Concat(name.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        const int longest = TargetsReader.LongestName - RoomForNumber;
        return oneLine.Length == 0 ? "-" : oneLine.Length <= longest ? oneLine : oneLine[..longest];
    }
}
