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

    private const string Wanted = "a list of targets";

    private readonly CheckNames _names = new(problems);
    private readonly Dictionary<string, CheckDraft> _tokens = [];
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
                foreach (var draft in new FullTarget(settings.For(map), outer, group).Read())
                {
                    Add(draft);
                }
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
        if (outer.Kind == CheckKind.Push)
        {
            problems.Add(address.Place, "a push check has no address: write {name: …, token: …}");
            return;
        }
        if (TargetAddress.Read(settings, address) is not { } where)
        {
            return;
        }
        string? nameText = null;
        if (name is not null && (nameText = settings.Text(name, "name", LongestName)) is null)
        {
            return;
        }
        Add(new CheckDraft(
            where.Host, where.Over(outer), name?.Place ?? address.Place,
            name is null ? TargetAddress.Show(address) : Quoted.Value(name))
        {
            Name = nameText,
            Url = where.Url,
            AddressPlace = address.Place,
            Group = group,
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
            NoteSameToken(draft);
            _names.Add(draft);
        }
    }

    /// <summary>Whoever calls with a token means one check.</summary>
    private void NoteSameToken(CheckDraft draft)
    {
        if (draft.Token is { } token && !_tokens.TryAdd(token, draft))
        {
            var first = _tokens[token];
            problems.Add(
                draft.AddressPlace, $"'token' is also that of {first.Written} in line {first.AddressPlace.Line}");
        }
    }
}
