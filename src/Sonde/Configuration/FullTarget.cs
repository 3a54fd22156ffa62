using Sonde.Configuration.Yaml;
using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Reads a target that is written as a mapping.</summary>
/// <param name="settings">The mapping.</param>
/// <param name="outer">What holds around it.</param>
/// <param name="group">The group's name; null outside of groups.</param>
internal sealed class FullTarget(Settings settings, CheckSettings outer, string? group)
{
    private const int MostResolvers = 20;
    private const int ShortestToken = 16;
    private const int LongestToken = 128;

    private static readonly string[] OfOneCheck = ["address", "id", "renamedFrom"];

    private readonly CheckSettings _own = CheckSettingsReader.Read(settings, outer);
    private readonly string? _name = settings.Text("name", TargetsReader.LongestName);
    private readonly CheckId? _id = ReadId(settings, "id");
    private readonly CheckId? _renamedFrom = ReadId(settings, "renamedFrom");

    /// <summary>The checks that it makes: one, or one a resolver; none after a problem was noted.</summary>
    public IEnumerable<CheckDraft> Read()
    {
        settings.RefuseUnknown(KnownKeys.Target);
        if ((_own.Kind ?? outer.Kind) == CheckKind.Push)
        {
            return ReadPush() is { } push ? [push] : [];
        }
        if (settings.Has("resolvers"))
        {
            return ReadResolvers();
        }
        settings.Require("address");
        return settings.Node<YamlScalar>("address", "an address") is { } written
            && TargetAddress.Read(settings, written) is { } where
            && At(where, written) is { } draft
                ? [draft]
                : [];
    }

    private CheckDraft? At(TargetAddress where, YamlScalar written)
    {
        RefuseContradictions(where);
        var isUrl = where.Url is not null || where.Dns is not null;
        var all = where.Over((isUrl ? _own with { Kind = null } : _own).Over(outer));
        RefuseOthers(all);
        return new CheckDraft(
            where.Host, all, settings.PlaceOf(_name is null ? "address" : "name"),
            _name is null ? TargetAddress.Show(written) : settings.Written("name"))
        {
            Name = _name,
            Url = where.Url,
            AddressPlace = written.Place,
            Group = group,
            OwnFamily = _own.Family,
            Id = _id,
            IdPlace = settings.PlaceOf("id"),
            RenamedFrom = _renamedFrom,
            RenamedFromPlace = settings.PlaceOf("renamedFrom"),
        };
    }

    private void RefuseContradictions(TargetAddress where)
    {
        var kind = settings.Has("kind") ? _own.Kind : null;
        if (where.Url is not null && kind is not null and not CheckKind.Http)
        {
            Note(
                "address",
                $"the address is the URL of an http check, and 'kind: {kind.Value.ToWord()}' contradicts it");
        }
        else if (where.Dns is not null && kind is not null and not CheckKind.Dns)
        {
            Note("address", $"the address is that of a dns check, and 'kind: {kind.Value.ToWord()}' contradicts it");
        }
        else if (where.Port is not null && kind == CheckKind.Icmp)
        {
            Note("address", "the address has a port, and 'kind: icmp' has none: leave one of them out");
        }
        else if (where.Port is { } port && _own.Port is { } other && other != port)
        {
            Note("port", "the address has another port: leave one of them out");
        }
        (string Key, string? Said)[] asked =
        [
            ("query", where.Dns?.Query), ("recordType", where.Dns?.RecordType), ("dnsClass", where.Dns?.Class),
        ];
        foreach (var (key, _) in asked.Where(word => word.Said is not null && settings.Has(word.Key)))
        {
            Note(key, $"the address says '{key}' already: leave one of them out");
        }
    }

    private void RefuseOthers(CheckSettings all)
    {
        KindKeys.RefuseOthers(settings, all.Kind ?? CheckKind.Icmp);
        if (all is { Kind: CheckKind.Dns, Dns: not { Transport: DnsTransportWish.Tls } } && settings.Has("tls"))
        {
            settings.Problems.Add(settings.PlaceOfKey("tls"), "'tls' wants 'transport: tls' beside it");
        }
    }

    private CheckDraft? ReadPush()
    {
        KindKeys.RefuseOthers(settings, CheckKind.Push);
        settings.Require("name");
        settings.Require("token");
        var token = settings.Secret("token", LongestToken);
        if (token is not null && (token.Length < ShortestToken
            || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            Note("token", $"'token' takes {ShortestToken} to {LongestToken} letters, digits, - and _: make one with "
                + "'openssl rand -hex 24'");
            token = null;
        }
        return _name is null || token is null ? null : new CheckDraft(
            "", _own.Over(outer), settings.PlaceOf("name"), settings.Written("name"))
        {
            Name = _name,
            Token = token,
            AddressPlace = settings.PlaceOf("token"),
            Group = group,
            Id = _id,
            IdPlace = settings.PlaceOf("id"),
            RenamedFrom = _renamedFrom,
            RenamedFromPlace = settings.PlaceOf("renamedFrom"),
        };
    }

    /// <summary>A check for each resolver, in one group, so that they stand side by side.</summary>
    private IEnumerable<CheckDraft> ReadResolvers()
    {
        var all = _own.Over(outer);
        RefuseOthers(all);
        foreach (var key in OfOneCheck.Where(settings.Has))
        {
            settings.Problems.Add(
                settings.PlaceOfKey(key),
                $"'{key}' is of one check, and 'resolvers' makes one for each of them: leave one of the two out");
        }
        var question = all.Dns is { } dns ? dns.Query + (dns.RecordType == "A" ? "" : $" {dns.RecordType}") : "";
        var name = _name ?? question;
        foreach (var (text, written) in settings.Texts("resolvers", MostResolvers, longest: 300))
        {
            if (AddressText.Parse(text, out var host, out var port) is { } problem)
            {
                settings.Problems.Add(written.Place, $"{Quoted.Value(written)} {problem}");
            }
            else if (all.Kind == CheckKind.Dns)
            {
                yield return new CheckDraft(
                    host, all with { Port = port ?? all.Port }, written.Place, Quoted.Value(written))
                {
                    Name = $"{name} @{text}",
                    AddressPlace = written.Place,
                    Group = group ?? name,
                };
            }
        }
    }

    private void Note(string key, string problem) => settings.Problems.Add(settings.PlaceOf(key), problem);

    private static CheckId? ReadId(Settings settings, string key)
    {
        var wanted = $"1 to {CheckId.MaxLength} of a-z 0-9 - . _, beginning with a letter or digit";
        return settings.Value(key, wanted, text => CheckId.TryParse(text, null, out var id) ? id : (CheckId?)null);
    }
}
