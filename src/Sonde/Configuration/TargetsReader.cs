using System.Collections.Immutable;
using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads lists of targets into checks.</summary>
internal sealed class TargetsReader(ProblemList problems)
{
    /// <summary>The most targets of a file.</summary>
    public const int MostTargets = 100_000;

    /// <summary>The longest name of a target or group.</summary>
    public const int LongestName = 200;

    private const int LongestAddress = 300;
    private const string Wanted = "a list of targets";

    private readonly CheckNames _names = new(problems);
    private int _count;

    /// <summary>Reads the <c>targets</c> of a place: a list, or a mapping of names to addresses.</summary>
    /// <param name="settings">The place.</param>
    /// <param name="outer">What holds for all of them.</param>
    /// <param name="group">The group's name; null outside of groups.</param>
    public void Read(Settings settings, CheckSettings outer, string? group)
    {
        if (settings.Node<YamlNode>("targets", Wanted) is YamlMap { Entries.Length: > 0 } pairs)
        {
            foreach (var pair in pairs.Entries)
            {
                ReadPair(settings, pair, outer, group);
            }
        }
        else
        {
            foreach (var item in settings.List("targets", Wanted)?.Items ?? [])
            {
                ReadTarget(settings, item, outer, group);
            }
        }
    }

    /// <summary>The checks that were read, in the order of the file; names and ids that collide are noted.</summary>
    public ImmutableArray<Check> ToChecks() => _names.ToChecks();

    private void ReadTarget(Settings settings, YamlNode item, CheckSettings outer, string? group)
    {
        switch (item)
        {
            case YamlScalar { IsNull: false } address:
                AddShort(settings, address, name: null, outer, group);
                break;
            case YamlMap { Entries: [var pair] } when Array.IndexOf(KnownKeys.Target, pair.Key.Text) < 0:
                ReadPair(settings, pair, outer, group);
                break;
            case YamlMap map:
                ReadFull(settings.For(map), outer, group);
                break;
            case YamlList:
                problems.Add(
                    item.Place,
                    "a target is an address or a mapping; put an IPv6 address in brackets in quotes: \"[::1]:443\"");
                break;
            default:
                problems.Add(item.Place, "a target is missing here: write its address");
                break;
        }
    }

    private void ReadPair(Settings settings, YamlEntry pair, CheckSettings outer, string? group)
    {
        if (NearestWord.Find(pair.Key.Text, ["address"]) is not null)
        {
            problems.Add(pair.Key.Place, $"{Quoted.Key(pair.Key)} is not known here; did you mean 'address'?");
        }
        else if (pair.Value is YamlScalar { IsNull: false } address)
        {
            AddShort(settings, address, pair.Key, outer, group);
        }
        else
        {
            problems.Add(
                pair.Value.Place,
                $"{Quoted.Key(pair.Key)} takes an address here, not {Settings.ShapeOf(pair.Value)}; "
                + "a target with more than an address is written {name: …, address: …}");
        }
    }

    private void AddShort(Settings settings, YamlScalar address, YamlScalar? name, CheckSettings outer, string? group)
    {
        if (ReadAddress(settings, address) is not { } where)
        {
            return;
        }
        string? nameText = null;
        if (name is not null && (nameText = settings.Text(name, "name", LongestName)) is null)
        {
            return;
        }
        var all = where.Port is { } port
            ? new CheckSettings { Kind = CheckKind.Tcp, Port = port }.Over(outer)
            : outer;
        Add(new CheckDraft(where.Host, all, name?.Place ?? address.Place, Quoted.Value(name ?? address))
        {
            Name = nameText,
            AddressPlace = address.Place,
            Group = group,
        });
    }

    private void ReadFull(Settings settings, CheckSettings outer, string? group)
    {
        settings.RefuseUnknown(KnownKeys.Target);
        var own = CheckSettingsReader.Read(settings);
        var name = settings.Text("name", LongestName);
        var id = ReadId(settings, "id");
        var renamedFrom = ReadId(settings, "renamedFrom");
        settings.Require("address");
        if (settings.Node<YamlScalar>("address", "an address") is not { } written
            || ReadAddress(settings, written) is not { } where)
        {
            return;
        }
        if (where.Port is { } port)
        {
            RefuseSecondPort(settings, own, port);
            own = own with { Port = port, Kind = own.Kind ?? CheckKind.Tcp };
        }
        var all = own.Over(outer);
        RefuseOtherKindsKeys(settings, all.Kind ?? CheckKind.Icmp);
        Add(new CheckDraft(where.Host, all, settings.PlaceOf(name is null ? "address" : "name"),
            settings.Written(name is null ? "address" : "name"))
        {
            Name = name,
            AddressPlace = written.Place,
            Group = group,
            OwnFamily = own.Family,
            Id = id,
            IdPlace = settings.PlaceOf("id"),
            RenamedFrom = renamedFrom,
            RenamedFromPlace = settings.PlaceOf("renamedFrom"),
        });
    }

    private void Add(CheckDraft draft)
    {
        _count++;
        if (_count == MostTargets + 1)
        {
            problems.Add(draft.Place, $"this file has more than {MostTargets} targets");
        }
        if (_count <= MostTargets && draft.FindProblem() is { } problem)
        {
            problems.Add(draft.AddressPlace, problem);
        }
        else if (_count <= MostTargets)
        {
            _names.Add(draft);
        }
    }

    private (string Host, int? Port)? ReadAddress(Settings settings, YamlScalar address)
    {
        if (settings.Text(address, "address", LongestAddress) is not { } text)
        {
            return null;
        }
        if (AddressText.Parse(text, out var host, out var port) is { } problem)
        {
            problems.Add(address.Place, $"{Quoted.Value(address)} {problem}");
            return null;
        }
        return (host, port);
    }

    private void RefuseSecondPort(Settings settings, CheckSettings own, int port)
    {
        if (own.Kind == CheckKind.Icmp)
        {
            problems.Add(
                settings.PlaceOf("address"),
                "the address has a port, and 'kind: icmp' has none: leave one of them out");
        }
        else if (own.Port is { } other && other != port)
        {
            problems.Add(settings.PlaceOf("port"), "the address has another port: leave one of them out");
        }
    }

    private void RefuseOtherKindsKeys(Settings settings, CheckKind kind)
    {
        string[] others = kind == CheckKind.Icmp ? ["tls", "dialogue"] : ["size", "ttl", "tos", "dontFragment"];
        foreach (var key in others.Where(settings.Has))
        {
            problems.Add(settings.PlaceOfKey(key), kind == CheckKind.Icmp
                ? $"'{key}' is for tcp checks: give the target a port"
                : $"'{key}' is for icmp checks, and this one is tcp");
        }
    }

    private static CheckId? ReadId(Settings settings, string key)
    {
        var wanted = $"1 to {CheckId.MaxLength} of a-z 0-9 - . _, beginning with a letter or digit";
        return settings.Value(key, wanted, text => CheckId.TryParse(text, null, out var id) ? id : (CheckId?)null);
    }
}
