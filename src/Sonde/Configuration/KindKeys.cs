using Sonde.Targets;

namespace Sonde.Configuration;

/// <summary>Which keys of a target are for which kinds of checks.</summary>
/// <remarks>
/// A group and <c>defaults</c> may carry all of them, for checks of several kinds; a target has one kind, and a key
/// that says nothing of it is a mistake.
/// </remarks>
internal static class KindKeys
{
    private static readonly CheckKind[] Sending = [CheckKind.Icmp, CheckKind.Tcp, CheckKind.Http, CheckKind.Dns];

    private static readonly (string[] Keys, CheckKind[] Kinds)[] Owners =
    [
        (["size", "ttl", "tos", "dontFragment"], [CheckKind.Icmp]),
        (["tls"], [CheckKind.Tcp, CheckKind.Http, CheckKind.Dns]),
        (["dialogue"], [CheckKind.Tcp]),
        (KnownKeys.Http, [CheckKind.Http]),
        ([.. KnownKeys.Dns, "resolvers"], [CheckKind.Dns]),
        (["token", "grace"], [CheckKind.Push]),
        (["address", "family", "packets", "timeout"], Sending),
    ];

    /// <summary>Notes the keys of a target that are not for checks of its kind.</summary>
    public static void RefuseOthers(Settings settings, CheckKind kind)
    {
        foreach (var (keys, kinds) in Owners)
        {
            if (Array.IndexOf(kinds, kind) >= 0)
            {
                continue;
            }
            foreach (var key in keys.Where(settings.Has))
            {
                var words = string.Join(" and ", kinds.Select(owner => owner.ToWord()));
                settings.Problems.Add(
                    settings.PlaceOfKey(key),
                    $"'{key}' is for {words} checks, and this one is {kind.ToWord()}"
                    + (key is "tls" or "dialogue" && kind == CheckKind.Icmp ? ": give the target a port" : ""));
            }
        }
        RefuseUseless(settings, kind);
    }

    private static void RefuseUseless(Settings settings, CheckKind kind)
    {
        if (kind is CheckKind.Http or CheckKind.Push && settings.Has("port"))
        {
            settings.Problems.Add(settings.PlaceOfKey("port"), kind == CheckKind.Http
                ? "'port' is not for http checks: the URL says it"
                : "'port' is not for push checks: they call Sonde");
        }
        if (kind == CheckKind.Http && settings.Written("tls").Length > 0)
        {
            settings.Problems.Add(
                settings.PlaceOf("tls"),
                "'tls' takes a mapping {verify, serverName, …} here: the URL says whether TLS is spoken");
        }
    }
}
